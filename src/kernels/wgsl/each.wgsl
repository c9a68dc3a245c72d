// The frame of kernels that compute `params.count` things one by one: results, cells, windows.
//
//   things  0 1 2 3 …        one invocation owns one of them
//
// The file that completes it declares `params` and
//   compute(i)    computes and stores the i-th
@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i < params.count) { compute(i); }
}
