// The frame of kernels that make factors of `params.count` matrices.
//
//   matrices  0 1 2 …        a workgroup owns one of them
//
// The file that completes it declares `params` and
//   factorize(matrix, lane)    computes and stores the factors, with all invocations of the workgroup
@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let matrix = group_id.x + group_id.y * num_groups.x;
  if (matrix >= params.count) { return; }
  factorize(matrix, lane);
}
