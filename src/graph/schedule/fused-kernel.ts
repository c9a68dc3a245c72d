import type { DeviceLimits, Program } from '../../device/device.ts';
import { ceilDivide } from '../../kernels/launch.ts';
import type { Node } from '../node.ts';
import { vectorType } from './element-text.ts';
import { ExpressionText, type ScalarParam } from './expression-text.ts';
import type { Value } from './value.ts';

const WORKGROUP = 64;

/** What is between a node and those whose values are in memory. */
export interface Expression {
  readonly values: readonly Value[];
  /** Which of them the node's is. */
  readonly result: number;
}

/** A generated kernel: `loads` are its input buffers in binding order; the output comes last. */
export interface FusedKernel {
  readonly expression: Expression;
  readonly program: Program;
  readonly loads: readonly Node[];
  readonly params: readonly (number | ScalarParam)[];
  readonly workgroups: number;
}

/**
 * Writes the WGSL of a fused kernel. One invocation owns four consecutive elements of the output.
 * Sizes and strides are parameters, so that other shapes of the same rank share the program.
 */
export function writeKernel(root: Node, expression: Expression, limits: DeviceLimits): FusedKernel {
  const { values, result } = expression;
  const text = new ExpressionText(root, values, {
    param: (word) => `params[${word >> 2}].${'xyzw'[word & 3]}`,
    buffer: (number) => `b${number}`,
  });
  const vectors = ceilDivide(root.size, 4);
  const count = text.param(vectors);
  text.write(limits);
  const { buffers, params } = text;
  const resultText = text.stored(`v${result}`, root.dtype);
  const words = ceilDivide(params.length, 4);
  const declarations = [
    `@group(0) @binding(0) var<uniform> params: array<vec4<u32>, ${words}>;`,
    ...buffers.map(
      ({ type, name }, i) =>
        `@group(0) @binding(${i + 1}) var<storage, read> ${name}: array<${type}>;`,
    ),
    `@group(0) @binding(${buffers.length + 1}) var<storage, read_write> result: array<${vectorType(root.dtype)}>;`,
  ];
  const source = `${[...text.functions, ...declarations].join('\n')}

@compute @workgroup_size(${WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.x + group.y * groups.x) * ${WORKGROUP}u + lane;
  if (i >= ${count}) { return; }
  ${text.lines.join('\n  ')}
  result[i] = ${resultText};
}
`;
  return {
    expression,
    program: { name: nameOf(values), source },
    loads: buffers.map(({ node }) => node),
    params,
    workgroups: ceilDivide(vectors, WORKGROUP),
  };
}

/** The ops of a kernel, for labels and profiles. */
function nameOf(values: readonly Value[]): string {
  const names = values.flatMap((value) => (value.kind === 'op' ? [value.node.op.name] : []));
  const shown = names.slice(-4).join('_') || 'copy';
  return names.length > 4 ? `fused_${names.length}_${shown}` : shown;
}
