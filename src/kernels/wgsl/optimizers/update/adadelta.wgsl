// Adadelta (PyTorch's formula): 16 operations an element with two roots and a division.
struct Params {
  vectors: u32,
  lr: f32,
  rho: f32,
  epsilon: f32,
  weightDecay: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> meanSquare: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> meanSquareStep: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let square = flushed(params.rho * meanSquare[i] + (1.0 - params.rho) * slope * slope);
  meanSquare[i] = square;
  let before = meanSquareStep[i];
  let step = sqrt(before + params.epsilon) / sqrt(square + params.epsilon) * slope;
  meanSquareStep[i] = flushed(params.rho * before + (1.0 - params.rho) * step * step);
  return weight - params.lr * step;
}
