import { type Launch, launch, OUTPUT } from '../../src/kernels/launch.ts';
import { program } from '../../src/kernels/program.ts';

const copy = program(
  'copy',
  `
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < params.count) { result[id.x] = source[id.x]; }
}`,
);

/** Makes an input the output, so that a test sees what kernels before it left there. */
export function readInput(which: number, count: number): Launch {
  return launch({
    program: copy,
    bindings: { source: { input: which }, result: OUTPUT },
    params: { count },
    workgroups: Math.ceil(count / 64),
  });
}
