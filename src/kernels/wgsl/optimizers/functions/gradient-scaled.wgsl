// The gradient times what brings all of them together to the norm wanted, and undoes what the loss was
// scaled by. With SKIPS a factor of 0 says that there is nothing to step against.
@group(0) @binding(SCALE) var<storage, read> scale: array<f32>;

fn is_skipped() -> bool { return SKIPS == 1u && scale[0] == 0.0; }

fn scaled(grad: vec4<f32>) -> vec4<f32> {
  return grad * scale[0];
}
