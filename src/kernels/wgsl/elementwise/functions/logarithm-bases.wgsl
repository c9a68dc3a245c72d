// Logarithms to the bases 2 and 10; needs logarithm.wgsl. A power of two is a whole number to base 2.

// ln(1 + f) - f
fn logarithm_bend(f: vec4<f32>) -> vec4<f32> {
  return logarithm_cubic(f) * f * (f * f) - 0.5 * (f * f);
}

// log₂ e is 1 and a rest, so that the larger part of the product is exact.
fn binary_logarithm(x: vec4<f32>) -> vec4<f32> {
  let parts = logarithm_parts_of_all(x);
  let f = parts.factor - 1.0;
  let bend = logarithm_bend(f);
  let value = ((f + bend) * 0.4426950408889634 + bend) + f;
  return logarithm_edges(x, value + parts.exponent);
}

// log₁₀ e and log₁₀ 2 as sums of a short number and a rest.
fn decimal_logarithm(x: vec4<f32>) -> vec4<f32> {
  let parts = logarithm_parts_of_all(x);
  let f = parts.factor - 1.0;
  let n = parts.exponent;
  let natural = f + logarithm_bend(f);
  let low = natural * 7.00731903251827651e-4 + n * 2.48745663981195214e-4;
  return logarithm_edges(x, (low + natural * 0.43359375) + n * 0.30078125);
}
