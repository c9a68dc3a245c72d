// max(x, 0) behind a matmul or convolution; written with a comparison, so that NaN stays NaN.
fn activated(x: vec4<f32>) -> vec4<f32> {
  return select(x, vec4<f32>(), x < vec4<f32>());
}
