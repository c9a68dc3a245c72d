// The gradient as it was computed.
fn is_skipped() -> bool { return false; }

fn scaled(grad: vec4<f32>) -> vec4<f32> {
  return grad;
}
