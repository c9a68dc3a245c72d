// 1 / (1 + e^-x) behind a matmul or convolution; needs elementwise/functions/sigmoid.wgsl.
fn activated(x: vec4<f32>) -> vec4<f32> {
  return logistic(x);
}
