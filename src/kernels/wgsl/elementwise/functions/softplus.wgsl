// ln(1 + e^x), whose two terms are positive and nothing cancels; needs exponential.wgsl.
fn soft_plus(x: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  // ln(1 + e) for 0 ≤ e ≤ 1, by least largest relative error.
  var p = -3.318463452e-3 * e + 2.020454593e-2;
  p = p * e - 5.766437203e-2;
  p = p * e + 1.068054885e-1;
  p = p * e - 1.535539329e-1;
  p = p * e + 1.969539970e-1;
  p = p * e - 2.495858669e-1;
  p = p * e + 3.333051205e-1;
  p = p * e - 4.999993145e-1;
  return select(x, vec4<f32>(), x < vec4<f32>()) + (p * (e * e) + e);
}
