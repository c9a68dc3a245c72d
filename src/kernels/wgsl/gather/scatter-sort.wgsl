// Sorts blocks of indices, the first pass of scatter-add: indices [n] → in each BLOCK of them, the keys
// in order, equal ones as they were, and where each was.
//
//   indices   2  0  2  1        one invocation owns one index and counts those of its block that go
//   keys      0  1  2  2        before it: that is its place
//   order     1  3  0  2
//
// Per index: 4 bytes read, 8 written, BLOCK operations by vec4 on workgroup memory, 1 barrier.
struct Params {
  given: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read_write> keys: array<i32>;
@group(0) @binding(3) var<storage, read_write> order: array<u32>;

// By fours; beyond the last index, what goes before nothing.
var<workgroup> block: array<vec4<i32>, BLOCK / 4u>;

@compute @workgroup_size(BLOCK)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group_id.x + group_id.y * num_groups.x) * BLOCK;
  let i = first + lane;
  let key = select(0x7fffffff, indices[min(i, params.given - 1u)], i < params.given);
  block[lane / 4u][lane % 4u] = key;
  workgroupBarrier();
  if (i >= params.given) { return; }

  let fours = (min(params.given - first, BLOCK) + 3u) / 4u;
  var before = vec4<u32>();
  for (var four = 0u; four < fours; four++) {
    let others = block[four];
    let is_less = others < vec4<i32>(key);
    let is_first = vec4<u32>(four * 4u) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(lane);
    let is_equal = others == vec4<i32>(key);
    before += select(vec4<u32>(), vec4<u32>(1u), is_less | (is_equal & is_first));
  }
  let at = first + before.x + before.y + before.z + before.w;
  keys[at] = key;
  order[at] = i;
}
