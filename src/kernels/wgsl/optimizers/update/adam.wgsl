// Adam and AdamW. The host computes the bias corrections in double: stepSize = lr / (1 - beta1^t),
// inverseSqrtBias2 = 1 / sqrt(1 - beta2^t). 16 operations an element with a root and a division.
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

@group(0) @binding(3) var<storage, read_write> mean: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> variance: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let m = flushed(params.beta1 * mean[i] + (1.0 - params.beta1) * slope);
  let v = flushed(params.beta2 * variance[i] + (1.0 - params.beta2) * slope * slope);
  mean[i] = m;
  variance[i] = v;
  let spread = sqrt(v) * params.inverseSqrtBias2 + params.epsilon;
  return weight * (1.0 - params.decoupledDecay) - params.stepSize * (m / spread);
}
