// Sums, products and extremes, as a reduction joins partial results: a NaN stays.
fn joined(a: scalar, b: scalar) -> scalar {
  return combine_marked(a, b);
}
