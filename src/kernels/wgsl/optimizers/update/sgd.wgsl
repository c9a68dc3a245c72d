// Stochastic gradient descent over flat buffers, in place (PyTorch's formula without momentum).
//
//   params  p p p p|p p p p|…    one invocation owns a vec4
//   grads   g g g g|g g g g|…
//
// Per element: 8 bytes read, 4 written, 4 operations.
struct Params {
  vectors: u32,
  lr: f32,
  weight_decay: f32,
  clip_value: f32,
}

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
  let weight = weights[i];
  weights[i] = weight - params.lr * (gradient(i) + params.weight_decay * weight);
}
