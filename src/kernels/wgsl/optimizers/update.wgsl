// The frame of an optimizer's step over flat buffers, in place; update/ has the formulas.
//
//   weights  p p p p|p p p p|…    one invocation owns a vec4 of each
//   grads    g g g g|g g g g|…
//   moments  m m m m|m m m m|…    as many buffers as the formula keeps, from binding 3 on
//
// Per element: 8 bytes read and 4 written, 4 more each way for each moment. Where is_skipped() all
// stays as it is. A formula declares `params`, whose `vectors` is the number of vec4s and `clipValue`
// what gradients are clipped by, its moments, and
//   updated(i, weight, grad)    vec4 i of the new weights; writes vec4 i of the moments
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> grads: array<vec4<f32>>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.vectors) { return; }
  if (is_skipped()) { return; }
  weights[i] = updated(i, weights[i], gradient(i));
}
