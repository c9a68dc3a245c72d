// ln(1 + e^x) and what is made of it; needs exponential.wgsl.

// ln(1 + e^-|x|), by the polynomial of the least largest relative error.
fn soft_plus_tail(x: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  var p = -3.318463452e-3 * e + 2.020454593e-2;
  p = p * e - 5.766437203e-2;
  p = p * e + 1.068054885e-1;
  p = p * e - 1.535539329e-1;
  p = p * e + 1.969539970e-1;
  p = p * e - 2.495858669e-1;
  p = p * e + 3.333051205e-1;
  p = p * e - 4.999993145e-1;
  return p * (e * e) + e;
}

// ln(1 + e^x), whose two terms are positive and nothing cancels.
fn soft_plus(x: vec4<f32>) -> vec4<f32> {
  return select(x, vec4<f32>(), x < vec4<f32>()) + soft_plus_tail(x);
}

// ln(1 + e^x) - x · t for 0 ≤ t ≤ 1, as x · (s - t) + ln(1 + e^-|x|), where s = 1 for x ≥ 0, else 0: no
// term is below 0, and the first is exactly 0 where t = s.
fn soft_plus_beyond(x: vec4<f32>, t: vec4<f32>) -> vec4<f32> {
  return x * select(1.0 - t, -t, x < vec4<f32>()) + soft_plus_tail(x);
}

// ln(e^a + e^b), also of two infinities.
fn logarithm_of_sum(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return select(b, a, a >= b) + soft_plus_tail(select(a - b, vec4<f32>(), a == b));
}
