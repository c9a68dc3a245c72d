// Gradient accumulation: the weights of the frame are sums of gradients, which begin anew where `going`
// is 0, whatever a step has left there. 1 operation an element.
struct Params {
  vectors: u32,
  going: f32,
  clipValue: f32,
}

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  return select(vec4<f32>(), weight, params.going > 0.0) + grad;
}
