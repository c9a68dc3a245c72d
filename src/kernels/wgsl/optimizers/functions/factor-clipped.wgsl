// What gradients of a norm are multiplied by so that it is at most maxNorm; NaN stays NaN.
fn factor_of(norm: f32) -> f32 {
  let clipped = min(1.0, params.maxNorm / (norm + 1e-6));
  return select(clipped, norm, (bitcast<u32>(norm) & 0x7fffffffu) > 0x7f800000u);
}
