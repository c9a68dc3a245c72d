// Chains equal indices, the first pass of scatter-add: indices [n] → [size + n], for each slice the
// position of its first index, and for each index the position of the next equal one; n where
// there is none.
//
//   indices   2  0  2  1        slices 0 1 2    one invocation owns one link and searches from
//   next      2  n  n  n        first  1 3 0    there on
//
// Per link: up to 4·n bytes read, from cache, 4 written.
struct Params {
  size: u32,
  given: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read_write> chain: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.size + params.given) { return; }
  var wanted = i32(i);
  var k = 0u;
  if (i >= params.size) {
    wanted = indices[i - params.size];
    k = i - params.size + 1u;
  }
  while (k < params.given && indices[k] != wanted) { k++; }
  chain[i] = k;
}
