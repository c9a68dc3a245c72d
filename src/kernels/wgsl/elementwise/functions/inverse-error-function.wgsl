// The inverse of the error function; needs logarithm.wgsl. Polynomials in w = -ln(1 - x²), near and far from
// the middle (Giles, "Approximating the erfinv function", 2012).

fn inverse_error(x: vec4<f32>) -> vec4<f32> {
  let w = -logarithm((1.0 - x) * (1.0 + x));
  let a = w - 2.5;
  var near = 2.81022636e-8 * a + 3.43273939e-7;
  near = near * a - 3.5233877e-6;
  near = near * a - 4.39150654e-6;
  near = near * a + 2.1858087e-4;
  near = near * a - 1.25372503e-3;
  near = near * a - 4.17768164e-3;
  near = near * a + 2.46640727e-1;
  near = near * a + 1.50140941;

  let b = sqrt(w) - 3.0;
  var far = -2.00214257e-4 * b + 1.00950558e-4;
  far = far * b + 1.34934322e-3;
  far = far * b - 3.67342844e-3;
  far = far * b + 5.73950773e-3;
  far = far * b - 7.6224613e-3;
  far = far * b + 9.43887047e-3;
  far = far * b + 1.00167406;
  far = far * b + 2.83297682;

  let value = bitcast<vec4<u32>>(select(far, near, w < vec4<f32>(5.0)) * x);
  let infinity = vec4<u32>(0x7f800000u) | (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u));
  return bitcast<vec4<f32>>(select(value, infinity, abs(x) == vec4<f32>(1.0)));
}
