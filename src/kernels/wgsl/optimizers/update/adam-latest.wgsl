// Completes adam.wgsl: steps are divided by the variance as it is.
fn divisor(i: u32, v: vec4<f32>) -> vec4<f32> {
  return v;
}
