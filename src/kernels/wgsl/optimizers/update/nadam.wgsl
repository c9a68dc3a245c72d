// NAdam (PyTorch's formula), with adam-means.wgsl: 19 operations an element with a root and a division. The
// host computes in double how far the gradient and the mean go, and inverseSqrtBias2 = 1 / sqrt(1 - beta2^t).
struct Params {
  vectors: u32,
  gradientStep: f32,
  meanStep: f32,
  inverseSqrtBias2: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  weightDecay: f32,
  decoupledDecay: f32,
  clipValue: f32,
}

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let m = next_mean(i, slope);
  let spread = sqrt(next_variance(i, slope)) * params.inverseSqrtBias2 + params.epsilon;
  let ahead = params.gradientStep * slope + params.meanStep * m;
  return weight * (1.0 - params.decoupledDecay) - ahead / spread;
}
