// The gradient times what brings all of them together to the norm wanted.
@group(0) @binding(SCALE) var<storage, read> scale: array<f32>;

fn scaled(grad: vec4<f32>) -> vec4<f32> {
  return grad * scale[0];
}
