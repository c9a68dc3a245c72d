// The logistic function and what is gated by it; needs exponential.wgsl. Both sides are made of e^-|x|,
// so that nothing overflows, and small results keep their digits.

// 1 / (1 + e^-x)
fn logistic(x: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  return select(vec4<f32>(1.0), e, x < vec4<f32>()) / (1.0 + e);
}

// x / (1 + e^-gate), for gates of the sign of x: -0 at -∞. Far out the power is lifted until x has
// been multiplied. Only there: compilers may apply the factor that takes it back to x first.
fn gated(x: vec4<f32>, gate: vec4<f32>) -> vec4<f32> {
  let far = abs(gate) > vec4<f32>(80.0);
  let back = select(vec4<f32>(1.0), vec4<f32>(SCALE_BACK), far);
  let e = decay_times(gate, select(vec4<i32>(ONE), vec4<i32>(LIFTED), far));
  let share = 1.0 / (1.0 + e * back);
  let near = select(x, vec4<f32>(-1e3), x < vec4<f32>(-1e3));
  return select(x * share, (near * (e * share)) * back, x < vec4<f32>());
}
