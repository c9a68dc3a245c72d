// Hyperbolic tangent, relatively exact near 0, which the builtin need not be; needs exponential.wgsl.
fn hyperbolic_tangent(x: vec4<f32>) -> vec4<f32> {
  // Cephes' tanhf (Moshier).
  let z = x * x;
  var p = -5.70498872745e-3 * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  let near = p * z * x + x;
  let e = decay(x + x);
  let size = select((1.0 - e) / (1.0 + e), near, abs(x) < vec4<f32>(0.625));
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(size) | (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u)));
}
