// An operand of a matmul, f32 or f16 (`functions/a-f32.wgsl`, `a-f16.wgsl`), put into the order in which
// register tiles read it, as f32.
//
//   outer ──▶  (rows of a, columns of b)            tile 0            tile 1
//   k  [ 0 0 0 0 0 0 0 0 | 1 1 1 1 1 1 1 1 ]   ──▶ [ k=0 | k=1 | … ] [ k=0 | k=1 | … ]
//   │  [ 0 0 0 0 0 0 0 0 | 1 1 1 1 1 1 1 1 ]          8 elements each
//   ▼
//
// A tile then reads one stretch of memory from end to end. Otherwise it would jump by a row at
// each k, and rows of 2^n elements all fall into the same few lines of a CPU's cache.
//
// k counts `innerCount` elements `innerStride` apart, `lineCount` times, each time `lineStride` further,
// and all that again and again, each time `kStride` further: the order of the reduction need not be that in
// memory, and may leave elements out. VECTOR: neighbours along `outer` are neighbours in memory, in whole vec4s.
//
// One invocation moves RUN × 8 elements of TILES neighbouring tiles, their next RUN steps of k; so many
// that it reads whole lines of a cache and writes stretches of memory. Its neighbour has the next tiles
// where ACROSS says that they are neighbours in memory, else the next steps. What is beyond the last row
// or column repeats it. Per element: 4 bytes read, 4 written, no operations but the address.

struct Params {
  runs: u32,
  runsPerTile: u32,
  groups: u32,
  depth: u32,
  size: u32,
  batchStride: u32,
  outerStride: u32,
  kStride: u32,
  innerCount: u32,
  innerStride: u32,
  lineCount: u32,
  lineStride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4<f32>>;

// Four neighbours along `outer` at one k.
fn four(start: u32, outer: u32) -> vec4<f32> {
  if (VECTOR == 1u) { return a_vector((start + min(outer, params.size - 4u)) >> 2u); }
  let known = min(outer + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.size - 1u));
  let at = start + known * params.outerStride;
  return vec4<f32>(a_element(at.x), a_element(at.y), a_element(at.z), a_element(at.w));
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let run = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (run >= params.runs) { return; }
  let inward = select(params.runsPerTile, params.groups, ACROSS == 1u);
  let outward = select(params.groups, params.runsPerTile, ACROSS == 1u);
  let line_of_runs = run / inward;
  let batch = line_of_runs / outward;
  let x = run - line_of_runs * inward;
  let y = line_of_runs - batch * outward;
  let group = select(y, x, ACROSS == 1u);
  let first = select(x, y, ACROSS == 1u) * RUN;
  let outer = group * TILES * 8u;
  let lines = first / params.innerCount;
  let steps = lines / params.lineCount;
  var inner = first - lines * params.innerCount;
  var line = lines - steps * params.lineCount;
  var step = batch * params.batchStride + steps * params.kStride;
  var to = ((batch * params.groups + group) * TILES * params.depth + first) * 2u;
  let end = min(first + RUN, params.depth);
  for (var k = first; k < end; k++) {
    let start = step + line * params.lineStride + inner * params.innerStride;
    for (var i = 0u; i < TILES; i++) {
      packed[to + i * params.depth * 2u] = four(start, outer + i * 8u);
      packed[to + i * params.depth * 2u + 1u] = four(start, outer + i * 8u + 4u);
    }
    to += 2u;
    inner += 1u;
    if (inner == params.innerCount) {
      inner = 0u;
      line += 1u;
    }
    if (line == params.lineCount) {
      line = 0u;
      step += params.kStride;
    }
  }
}
