// tanh(x) behind a matmul or convolution; needs elementwise/functions/tanh.wgsl.
fn activated(x: vec4<f32>) -> vec4<f32> {
  return hyperbolic_tangent(x);
}
