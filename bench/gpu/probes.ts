// Shaders that measure the machine and nothing else. All have an entry point of one name, and
// conditions that never hold, so that nothing is optimised away.

const numbered = `@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32`;

const turned = `struct Params { turns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> to: array<f32>;
`;

/** The least that a dispatch can do and still depend on the one before. */
export const touch = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) { x[id.x] += 1.0; }`;

export const empty = '@compute @workgroup_size(64) fn main() {}';

/** Each invocation copies `each` vec4, a workgroup's width apart. */
export function copy(each: number, threads = 256): string {
  const parts = Array.from({ length: each }, (_, i) => i);
  return `
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> to: array<vec4<f32>>;
@compute @workgroup_size(${threads}) fn main(${numbered}) {
  let first = (id.x + id.y * groups.x) * ${threads * each}u + lane;
  ${parts.map((i) => `let v${i} = source[first + ${i * threads}u];`).join(' ')}
  ${parts.map((i) => `to[first + ${i * threads}u] = v${i};`).join(' ')}
}`;
}

/** Multiply-adds of an invocation of `fma` in a turn, a chain. */
export const FMA_A_TURN = 16;

/** `chains` independent chains of multiply-adds. */
export function fma(chains: number): string {
  const names = Array.from({ length: chains }, (_, i) => `x${i}`);
  const turn = names.map((x) => `${x} = fma(${x}, k, c);`).join(' ');
  return `${turned}
@compute @workgroup_size(256) fn main(@builtin(local_invocation_index) lane: u32) {
  let k = 1.0 - f32(lane) * 1e-7;
  let c = f32(lane) * 1e-9;
  ${names.map((x, i) => `var ${x} = f32(lane + ${i}u);`).join(' ')}
  for (var i = 0u; i < params.turns; i++) {
    ${Array.from({ length: FMA_A_TURN }, () => turn).join('\n    ')}
  }
  let sum = ${names.join(' + ')};
  if (sum == 12345.678) { to[lane] = sum; }
}`;
}

/** Vec4 that an invocation of `workgroupReads` reads in a turn. */
export const READS_A_TURN = 8;

/** Reads of workgroup memory: `index` says which vec4 a lane reads first. */
export function workgroupReads(index: string): string {
  const reads = Array.from(
    { length: READS_A_TURN },
    (_, i) => `sum += tile[(at + ${32 * i}u) % 1024u];`,
  );
  return `${turned}
var<workgroup> tile: array<vec4<f32>, 1024>;
@compute @workgroup_size(256) fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < 1024u; i += 256u) { tile[i] = vec4<f32>(f32(i)); }
  workgroupBarrier();
  var sum = vec4<f32>();
  var at = (${index}) % 1024u;
  for (var i = 0u; i < params.turns; i++) {
    ${reads.join('\n    ')}
    at = (at + 32u) % 1024u;
  }
  if (sum.x + sum.y + sum.z + sum.w == 12345.678) { to[lane] = sum.x; }
}`;
}
