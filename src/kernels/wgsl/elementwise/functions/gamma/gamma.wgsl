// ln|Γ(x)|; needs logarithm.wgsl. Coefficients are those of the least largest relative error.

// ln Γ(1 + z) for 0 ≤ z ≤ 1.5, which is 0 at 0 and at 1.
fn log_gamma_near(z: vec4<f32>) -> vec4<f32> {
  let t = z - 0.5;
  var p = 2.475260776e-4 * t - 1.06814566e-3;
  p = p * t + 2.182436486e-3;
  p = p * t - 3.383234822e-3;
  p = p * t + 5.417249302e-3;
  p = p * t - 9.383005761e-3;
  p = p * t + 1.679572347e-2;
  p = p * t - 3.131214648e-2;
  p = p * t + 6.291162344e-2;
  p = p * t - 1.45959809e-1;
  p = p * t + 4.831289483e-1;
  return z * (z - 1.0) * p;
}

// Stirling's series, for x from 8.5 on.
fn log_gamma_far(x: vec4<f32>) -> vec4<f32> {
  let i = 1.0 / x;
  return (x - 0.5) * (logarithm(x) - 1.0) + (0.4189385332046727 + i * (0.08333333333 - i * i * 0.002777777778));
}

// |sin(πx)| / π by the distance from the next whole number.
fn sine_of_turns(x: vec4<f32>) -> vec4<f32> {
  let r = abs(x - round(x));
  let z = r * r;
  var p = 2.468823e-2 * z - 1.9042638e-1;
  p = p * z + 8.11712141e-1;
  p = p * z - 1.644933065;
  return r * (p * z + 1.0);
}

// For |x| below 8.5 a product of |x| - 1, |x| - 2, … away from what is known near 1; for x below 0 by
// Γ(x)·Γ(-x) = -π / (x·sin(πx)), whose sine goes into the same logarithm.
fn log_gamma(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let tiny = a < vec4<f32>(1.0);
  let far = a >= vec4<f32>(8.5);
  let negative = x < vec4<f32>();
  var y = a;
  var product = vec4<f32>(1.0);
  for (var k = 0; k < 6; k++) {
    let above = (y >= vec4<f32>(2.5)) & !far;
    y = select(y, y - 1.0, above);
    product = select(product, product * y, above);
  }
  let near = log_gamma_near(select(y - 1.0, a, tiny));
  let known = select(near, log_gamma_far(a), far);
  let sine = sine_of_turns(x);
  let beside = logarithm(select(select(product, a, tiny), sine * select(product * a, vec4<f32>(1.0), tiny), negative));
  let value = select(known + select(beside, -beside, tiny), -known - beside, negative);
  let pole = negative & ((sine == vec4<f32>()) | (a >= vec4<f32>(8388608.0)));
  return bitcast<vec4<f32>>(select(bitcast<vec4<u32>>(value), vec4<u32>(0x7f800000u), pole));
}
