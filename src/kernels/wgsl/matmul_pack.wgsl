// An operand of a large matmul put into the order in which register tiles read it.
//
//   outer ──▶  (rows of a, columns of b)            tile 0            tile 1
//   k  [ 0 0 0 0 0 0 0 0 | 1 1 1 1 1 1 1 1 ]   ──▶ [ k=0 | k=1 | … ] [ k=0 | k=1 | … ]
//   │  [ 0 0 0 0 0 0 0 0 | 1 1 1 1 1 1 1 1 ]          8 elements each
//   ▼
//
// A tile then reads one stretch of memory from end to end. Otherwise it would jump by a row at
// each k, and rows of 2^n elements all fall into the same few lines of a CPU's cache.
//
// One invocation moves four neighbours along `outer` at one k; what is beyond the end repeats the
// last. Per element: 4 bytes read, 4 written, no operations but the address.

struct Params {
  vectors: u32,
  tiles: u32,
  depth: u32,
  size: u32,
  batch_stride: u32,
  outer_stride: u32,
  k_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> operand: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4<f32>>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (i >= params.vectors) { return; }
  let line = i / 2u;
  let slab = line / params.depth;
  let batch = slab / params.tiles;
  let first = (slab - batch * params.tiles) * 8u + (i & 1u) * 4u;
  let start = batch * params.batch_stride + (line - slab * params.depth) * params.k_stride;
  var value = vec4<f32>();
  for (var n = 0u; n < 4u; n++) {
    value[n] = operand[start + min(first + n, params.size - 1u) * params.outer_stride];
  }
  packed[i] = value;
}
