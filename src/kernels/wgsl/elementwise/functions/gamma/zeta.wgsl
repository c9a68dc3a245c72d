// Hurwitz' ζ(s, x) = Σ 1 / (x + k)^s over k ≥ 0, for whole s from 2 on.

fn inverse_power(x: vec4<f32>, s: u32) -> vec4<f32> {
  let i = 1.0 / x;
  var p = i;
  for (var k = 1u; k < s; k++) { p = p * i; }
  return p;
}

// For x from ½ on: ten terms, and what is left of them by Euler and Maclaurin.
fn zeta_above(s: u32, x: vec4<f32>) -> vec4<f32> {
  let a = x + 10.0;
  let i = 1.0 / a;
  let z = i * i;
  let n = f32(s);
  let lower = inverse_power(a, s - 1u);
  let third = (n + 1.0) * (n + 2.0) * z;
  let fifth = (n + 3.0) * (n + 4.0) * z;
  let rest = n * i * (0.08333333333 - third * (1.388888889e-3 - fifth * 3.306878307e-5));
  var sum = vec4<f32>();
  for (var k = 10; k > 0; k--) { sum = sum + inverse_power(x + f32(k - 1), s); }
  return sum + (lower * i * (0.5 + rest) + lower / (n - 1.0));
}

// Below ½ the terms of all whole k, which repeat from one x to the next, less those of k < 0.
fn zeta(s: u32, x: vec4<f32>) -> vec4<f32> {
  let near = x < vec4<f32>(0.5);
  let r = x - round(x);
  let sign = 1.0 - 2.0 * f32(s & 1u);
  let below = zeta_above(s, select(vec4<f32>(1.0), 1.0 - r, near)) - zeta_above(s, select(vec4<f32>(1.0), 1.0 - x, near));
  let above = zeta_above(s, select(x, 1.0 + r, near));
  return above + select(vec4<f32>(), inverse_power(r, s) + sign * below, near);
}
