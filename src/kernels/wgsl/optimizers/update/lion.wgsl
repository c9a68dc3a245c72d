// Lion: 9 operations an element. Where the sign is taken of a NaN, the weight becomes one too.
struct Params {
  vectors: u32,
  lr: f32,
  beta1: f32,
  beta2: f32,
  decoupledDecay: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> mean: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let before = mean[i];
  mean[i] = flushed(params.beta2 * before + (1.0 - params.beta2) * grad);
  let heading = params.beta1 * before + (1.0 - params.beta1) * grad;
  let magnitude = bitcast<vec4<u32>>(heading) & vec4<u32>(0x7fffffffu);
  let step = select(sign(heading), heading, magnitude > vec4<u32>(0x7f800000u));
  return weight * (1.0 - params.decoupledDecay) - params.lr * step;
}
