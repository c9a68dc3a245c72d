import type { DeviceLimits } from '../../device/device.ts';
import type { Epilogue } from '../../kernels/epilogue.ts';
import type { Node } from '../node.ts';
import { type Affine, identity } from './affine.ts';
import { ExpressionText, type ScalarParam } from './expression-text.ts';
import type { Expression } from './fused-kernel.ts';
import type { Value } from './value.ts';

/** A kernel that ends with an expression of its results, whose value `result` is. */
export interface FoldedKernel {
  readonly kernel: Node;
  readonly result: Node;
  readonly epilogue: Epilogue;
  /** What the epilogue reads, in the order of its buffers and of its words. */
  readonly loads: readonly Node[];
  readonly params: readonly (number | ScalarParam)[];
}

/**
 * Makes an expression the end of the kernel of one of the nodes that it reads. Undefined where each
 * element of `result` does not follow from the element of `kernel` at the same place.
 */
export function foldInto(
  kernel: Node,
  result: Node,
  expression: Expression,
  limits: DeviceLimits,
): FoldedKernel | undefined {
  const halves = result.dtype === 'f16';
  if (kernel.dtype !== 'f32' || !(halves || result.dtype === 'f32')) return;
  if (kernel.size !== result.size) return;
  let given = 0;
  const values = expression.values.map((value): Value => {
    if (value.kind !== 'load' || value.node !== kernel) return value;
    const inPlace = value.bounds.length === 0 && isIdentity(value.at, result.shape);
    given += inPlace ? 1 : Number.POSITIVE_INFINITY;
    return { kind: 'given', at: value.at };
  });
  if (given !== 1) return;
  const columns = kernel.shape.at(-1) ?? 1;
  const text = new ExpressionText(result, values, {
    param: (word) => `params.epilogue${word}`,
    buffer: (number) => `epilogue${number}`,
    columns,
  });
  text.write(limits);
  const lines = text.lines.join('\n  ');
  const column = /\bcolumn\b/.test(lines) ? `i * 4u % ${text.param(columns)}` : '0u';
  const source = `
fn finished_in(i: u32, column: u32, value: vec4<f32>) -> vec4<f32> {
  ${lines}
  return v${expression.result};
}

fn finished(i: u32, value: vec4<f32>) -> vec4<f32> {
  return finished_in(i, ${column}, value);
}
`;
  const { buffers, params, functions } = text;
  const types = buffers.map(({ type }) => type);
  const epilogue = {
    text: source,
    functions: [...functions],
    buffers: types,
    params: params.length,
    halves,
  };
  return { kernel, result, epilogue, loads: buffers.map(({ node }) => node), params };
}

function isIdentity(at: Affine, shape: readonly number[]): boolean {
  const { offset, coefficients } = identity(shape).flat;
  const same = shape.every(
    (size, axis) => size === 1 || at.coefficients[axis] === coefficients[axis],
  );
  return same && at.offset === offset;
}
