// Adam, AdamW and RAdam, with adam-means.wgsl. The host computes the bias corrections in double: stepSize =
// lr / (1 - beta1^t), inverseSqrtBias2 = 1 / sqrt(1 - beta2^t). divisor(i, v) is of adam-latest or
// adam-amsgrad.wgsl. 16 operations an element with a root and a division.
struct Params {
  vectors: u32,
  stepSize: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  inverseSqrtBias2: f32,
  weightDecay: f32,
  decoupledDecay: f32,
  clipValue: f32,
}

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let m = next_mean(i, slope);
  let v = next_variance(i, slope);
  let spread = sqrt(divisor(i, v)) * params.inverseSqrtBias2 + params.epsilon;
  return weight * (1.0 - params.decoupledDecay) - params.stepSize * (m / spread);
}
