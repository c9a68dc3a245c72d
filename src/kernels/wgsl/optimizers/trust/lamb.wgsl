// LAMB: 19 operations an element with a root and a division, twice: lamb-direction.wgsl computes directions
// for their norms, lamb-step.wgsl again for the step, which costs less than to keep them. The host computes
// the bias corrections in double; where `adapts` is 0 norms have no say.
struct Params {
  vectors: u32,
  lr: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  inverseBias1: f32,
  inverseSqrtBias2: f32,
  weightDecay: f32,
  adapts: f32,
  clipValue: f32,
}

fn next_mean(before: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  return flushed(params.beta1 * before + (1.0 - params.beta1) * grad);
}

fn next_variance(before: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  return flushed(params.beta2 * before + (1.0 - params.beta2) * grad * grad);
}

fn heading(weight: vec4<f32>, m: vec4<f32>, v: vec4<f32>) -> vec4<f32> {
  let spread = sqrt(v) * params.inverseSqrtBias2 + params.epsilon;
  return params.inverseBias1 * m / spread + params.weightDecay * weight;
}
