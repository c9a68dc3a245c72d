// Adamax (PyTorch's formula): 11 operations an element with a division. The host computes stepSize =
// lr / (1 - beta1^t) in double.
struct Params {
  vectors: u32,
  stepSize: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  weightDecay: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> mean: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> largest: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let m = flushed(params.beta1 * mean[i] + (1.0 - params.beta1) * slope);
  mean[i] = m;
  let faded = params.beta2 * largest[i];
  // Above 0, so that what has faded never becomes subnormal.
  let size = abs(slope) + params.epsilon;
  let most = select(size, faded, faded > size);
  largest[i] = most;
  return weight - params.stepSize * (m / most);
}
