// The derivative of ln Γ(x); needs logarithm.wgsl. Coefficients are those of the least largest relative error.

// Of 1 + z for 0 ≤ z ≤ 1: 0 at 1.46163214496836…, of which two numbers are taken off.
fn digamma_near(z: vec4<f32>) -> vec4<f32> {
  let t = z - 0.5;
  var p = -1.622073955e-2 * t + 2.392432211e-2;
  p = p * t - 2.587268984e-2;
  p = p * t + 3.936182287e-2;
  p = p * t - 6.203993868e-2;
  p = p * t + 9.511740248e-2;
  p = p * t - 1.483999709e-1;
  p = p * t + 2.405383944e-1;
  p = p * t - 4.236274768e-1;
  p = p * t + 9.510558967e-1;
  return ((z - 0.4616321325302124) - 1.2438150e-8) * p;
}

// The asymptotic series, for x from 6 on.
fn digamma_far(x: vec4<f32>) -> vec4<f32> {
  let i = 1.0 / x;
  let z = i * i;
  return logarithm(x) - (i * 0.5 + z * (0.08333333333 - z * (0.008333333333 - z * 0.003968253968)));
}

// sin(πr) for 0 ≤ r ≤ ½
fn sine_of_turn(r: vec4<f32>) -> vec4<f32> {
  let z = r * r;
  var p = 7.756038484e-2 * z - 5.982421253e-1;
  p = p * z + 2.550069726;
  p = p * z - 5.167709685;
  return r * (p * z + 3.141592637);
}

// π·cot(πx)
fn cotangent_of_turns(x: vec4<f32>) -> vec4<f32> {
  let r = x - round(x);
  let size = 3.141592653589793 * sine_of_turn(0.5 - abs(r)) / sine_of_turn(abs(r));
  return select(size, -size, r < vec4<f32>());
}

// From |x| down to what is known of 1 to 2, and for x below 0 by ψ(x) = ψ(-x) - 1/x - π·cot(πx).
fn digamma(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let tiny = a < vec4<f32>(1.0);
  let far = a >= vec4<f32>(6.0);
  let negative = x < vec4<f32>();
  var y = a;
  var sum = vec4<f32>();
  for (var k = 0; k < 4; k++) {
    let above = (y >= vec4<f32>(2.0)) & !far;
    y = select(y, y - 1.0, above);
    sum = select(sum, sum + 1.0 / y, above);
  }
  let near = digamma_near(select(y - 1.0, a, tiny)) + sum;
  let known = select(near, digamma_far(a), far);
  // Of tiny x what is known is ψ(1 + |x|), which differs from ψ(|x|) by 1/|x|.
  let step = 1.0 / x;
  let above = known - select(vec4<f32>(), step, tiny);
  let below = known - select(step, vec4<f32>(), tiny) - cotangent_of_turns(x);
  let value = select(above, below, negative);
  let pole = negative & ((x == round(x)) | (a >= vec4<f32>(8388608.0)));
  return bitcast<vec4<f32>>(select(bitcast<vec4<u32>>(value), vec4<u32>(0x7fc00000u), pole));
}
