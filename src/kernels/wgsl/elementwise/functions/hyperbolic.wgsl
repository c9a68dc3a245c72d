// Hyperbolic sine and cosine, relatively exact near 0 and up to the largest result; needs exponential.wgsl.

// e^a / 2 for a ≥ 0; beyond 91 it is infinite.
fn half_power(a: vec4<f32>) -> vec4<f32> {
  let powers = powers_of_two(select(a, vec4<f32>(91.0), a > vec4<f32>(91.0)));
  let half = floor(powers.count * 0.5);
  return ((small_power(powers.rest) + 1.0) * two_to(half, -1)) * two_to(powers.count - half, 0);
}

fn hyperbolic_sine(x: vec4<f32>) -> vec4<f32> {
  // Cephes' sinhf (Moshier).
  let z = x * x;
  var p = 2.03721912945e-4 * z + 8.33028376239e-3;
  p = p * z + 1.66667160211e-1;
  let size = abs(x);
  let far = half_power(size) - 0.5 * decay(size);
  let sign = bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u);
  let signed = bitcast<vec4<f32>>(bitcast<vec4<u32>>(far) | sign);
  return select(signed, p * z * x + x, size < vec4<f32>(1.0));
}

fn hyperbolic_cosine(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x);
  return half_power(size) + 0.5 * decay(size);
}
