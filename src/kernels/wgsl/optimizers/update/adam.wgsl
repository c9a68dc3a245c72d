// Adam and AdamW over flat buffers, in place. The host computes the bias corrections in double:
// step_size = lr / (1 - beta1^t), inverse_sqrt_bias2 = 1 / sqrt(1 - beta2^t).
//
//   params   p p p p|p p p p|…    one invocation owns a vec4
//   grads    g g g g|g g g g|…
//   m        m m m m|m m m m|…    mean of the gradients
//   v        v v v v|v v v v|…    mean of their squares
//
// Per element: 16 bytes read, 12 written, 16 operations with a root and a division.
struct Params {
  vectors: u32,
  step_size: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  inverse_sqrt_bias2: f32,
  weight_decay: f32,
  decoupled_decay: f32,
  clip_value: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> grads: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> means: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> squares: array<vec4<f32>>;

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
  let mean = flushed(params.beta1 * means[i] + (1.0 - params.beta1) * grad);
  let square = flushed(params.beta2 * squares[i] + (1.0 - params.beta2) * grad * grad);
  means[i] = mean;
  squares[i] = square;
  let spread = sqrt(square) * params.inverse_sqrt_bias2 + params.epsilon;
  weights[i] = weight * (1.0 - params.decoupled_decay) - params.step_size * (mean / spread);
}
