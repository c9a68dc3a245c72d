// RMSprop (PyTorch's formula): 11 operations an element with a root and a division. Which way a
// step goes is one of the files rmsprop-*.wgsl, with further moments from binding 4 on.
struct Params {
  vectors: u32,
  lr: f32,
  alpha: f32,
  epsilon: f32,
  momentum: f32,
  weightDecay: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> meanSquare: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let square = flushed(params.alpha * meanSquare[i] + (1.0 - params.alpha) * slope * slope);
  meanSquare[i] = square;
  return weight - params.lr * displacement(i, slope, square);
}
