import type { DType } from '../../../kernels/dtype.ts';
import type { FunctionName } from '../../../kernels/elementwise/function-texts.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor } from '../../tensor.ts';

// biome-ignore lint/suspicious/noExplicitAny: rules are written with the methods whose types come from these very records
export type Value = any;

/** An elementwise op of one operand: its WGSL over a `vec4`, and its gradient. */
export interface UnaryRecord {
  readonly wgsl: (x: string, dtype: DType) => string;
  /** The WGSL functions that it calls. */
  readonly functions?: readonly FunctionName[];
  readonly vjp?: (g: Value, x: Value, y: Value) => Value;
  /** Its results are numbers from 0 to 1. */
  readonly squashes?: boolean;
  /** Dtypes it accepts; f32 and f16 where left out. */
  readonly accepts?: readonly DType[];
  /** The dtype of the result, where it is not the operand's. */
  readonly result?: DType;
  /** Worth storing rather than computing twice. */
  readonly heavy?: boolean;
  /** The open interval it is defined on; property tests draw from it. */
  readonly domain?: readonly [number, number];
}

export const FLOATS = ['f32', 'f16'] as const;
export const NUMBERS = [...FLOATS, 'i32', 'u32'] as const;
export const SIGNED = [...FLOATS, 'i32'] as const;

/**
 * The function that a record describes. It throws a `DTypeError` where the record does not accept
 * the operand's dtype.
 */
export function unaryFunction(name: string, record: UnaryRecord): (x: AnyTensor) => AnyTensor {
  const { wgsl, functions, vjp, squashes, accepts = FLOATS, result, heavy = false } = record;
  const op: Op<[x: AnyTensor]> = {
    name,
    lowering: {
      kind: 'elementwise',
      wgsl: ([x]: [string], _, [dtype]: [DType]) => wgsl(x, dtype),
      ...(functions && { functions }),
      heavy,
    },
    ...(squashes && { squashes }),
    ...(vjp && { vjp: (g, { inputs: [x], output }) => [vjp(g, x, output)] }),
  };
  return (x) => {
    requireDType(name, x, accepts);
    return apply(op, [x], { shape: x.shape, dtype: result ?? x.dtype });
  };
}
