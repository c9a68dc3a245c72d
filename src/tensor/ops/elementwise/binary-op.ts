import { DTypeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import type { FunctionName } from '../../../kernels/elementwise/function-texts.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { broadcastShapes } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { checkValue, full } from '../creation.ts';
import { expandTo } from '../views.ts';
import { NUMBERS, type Value } from './unary-op.ts';

/** An elementwise op of two operands of one dtype: its WGSL over `vec4`s, and its gradient. */
export interface BinaryRecord {
  readonly wgsl: (a: string, b: string, dtype: DType) => string;
  /** The WGSL functions that it calls. */
  readonly functions?: readonly FunctionName[];
  readonly vjp?: (g: Value, a: Value, b: Value, y: Value) => readonly [Value, Value];
  /** Dtypes it accepts; f32, f16, i32 and u32 where left out. */
  readonly accepts?: readonly DType[];
  readonly heavy?: boolean;
  /** The intervals its operands are defined on; property tests draw from them. */
  readonly domain?: readonly [readonly [number, number], readonly [number, number]];
}

/**
 * The function that a record describes: of a tensor and a tensor or number, which broadcast. It
 * throws a `ShapeError` where they do not, a `DTypeError` where dtypes differ or are not accepted.
 */
export function binaryFunction(
  name: string,
  record: BinaryRecord,
  result?: DType,
): (a: AnyTensor, b: AnyTensor | number) => AnyTensor {
  const { wgsl, functions, vjp, accepts = NUMBERS, heavy = false } = record;
  const op: Op<[a: AnyTensor, b: AnyTensor]> = {
    name,
    lowering: {
      kind: 'elementwise',
      wgsl: ([a, b]: [string, string], _, [dtype]: [DType, DType]) => wgsl(a, b, dtype),
      ...(functions && { functions }),
      heavy,
    },
    ...(vjp && { vjp: (g, { inputs: [a, b], output }) => vjp(g, a, b, output) }),
  };
  return (a, other) => {
    const b = typeof other === 'number' ? operand(name, a, other) : other;
    requireTensor(name, b);
    if (a.dtype !== b.dtype) {
      throw new DTypeError(
        `${name}: ${a.dtype}[${a.shape}] and ${b.dtype}[${b.shape}] differ in dtype. Cast one of them.`,
      );
    }
    requireDType(name, a, accepts);
    const shape = broadcastShapes(name, a.shape, b.shape);
    return apply(op, [expandTo(a, shape), expandTo(b, shape)], { shape, dtype: result ?? a.dtype });
  };
}

function operand(op: string, a: AnyTensor, value: number): AnyTensor {
  checkValue(op, value, a.dtype);
  return like(a, value);
}

/** A number as a tensor like `x`, to be combined with it. */
export function like<S extends Shape, D extends DType>(x: Tensor<S, D>, value: number) {
  return full(x.shape, value, { dtype: x.dtype });
}
