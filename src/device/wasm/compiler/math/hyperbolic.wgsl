// Hyperbolic functions, made of the exponential function.

fn _sinh(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let z = x * x;
  var p = 2.03721912945e-4 * z + 8.33028376239e-3;
  p = p * z + 1.66667160211e-1;
  let near = p * z * x + x;
  let half = vec4<i32>(-1);
  let far = exp_scaled(a, half) - exp_scaled(-a, half);
  return select(with_sign(far, x), near, a < vec4<f32>(1.0));
}

fn _cosh(x: vec4<f32>) -> vec4<f32> {
  let half = vec4<i32>(-1);
  let a = abs(x);
  return exp_scaled(a, half) + exp_scaled(-a, half);
}

fn _tanh(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let z = x * x;
  var p = -5.70498872745e-3 * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  let near = p * z * x + x;
  let far = 1.0 - 2.0 / (exp_scaled(a + a, vec4<i32>()) + 1.0);
  return select(with_sign(far, x), near, a < vec4<f32>(0.625));
}
