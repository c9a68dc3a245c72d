// ln(e^a + e^b), where -∞ adds nothing and a NaN stays.
fn joined(a: scalar, b: scalar) -> scalar {
  return logarithm_of_sum(vec4<f32>(a), vec4<f32>(b)).x;
}
