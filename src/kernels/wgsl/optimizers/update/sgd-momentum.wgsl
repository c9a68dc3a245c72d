// Stochastic gradient descent with momentum over flat buffers, in place (PyTorch's formula; with
// NESTEROV the step looks ahead along the new velocity).
//
//   params    p p p p|p p p p|…    one invocation owns a vec4
//   grads     g g g g|g g g g|…
//   velocity  v v v v|v v v v|…
//
// Per element: 12 bytes read, 8 written, 7 operations (9 with NESTEROV).
struct Params {
  vectors: u32,
  lr: f32,
  momentum: f32,
  weight_decay: f32,
  dampening: f32,
  clip_value: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> grads: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> velocity: array<vec4<f32>>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.vectors) { return; }
  let weight = weights[i];
  let grad = gradient(i) + params.weight_decay * weight;
  let speed = flushed(params.momentum * velocity[i] + (1.0 - params.dampening) * grad);
  velocity[i] = speed;
  var step = speed;
  if (NESTEROV == 1u) { step = grad + params.momentum * speed; }
  weights[i] = weight - params.lr * step;
}
