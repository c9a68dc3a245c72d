// The logistic function and what is gated by it; needs exponential.wgsl. Both sides are made of e^-|x|,
// so that nothing overflows, and small results keep their digits.

// 1 / (1 + e^-x)
fn logistic(x: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  return select(vec4<f32>(1.0), e, x < vec4<f32>()) / (1.0 + e);
}

// x / (1 + e^-gate), for gates of the sign of x: -0 at -∞.
fn gated(x: vec4<f32>, gate: vec4<f32>) -> vec4<f32> {
  return select(x, vec4<f32>(-1e3), x < vec4<f32>(-1e3)) * logistic(gate);
}

// sigmoid(x) - t as (s - t) ∓ sigmoid(-|x|), where s = 1 for x ≥ 0, else 0.
fn logistic_beyond(x: vec4<f32>, t: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  let share = e / (1.0 + e);
  return select((1.0 - t) - share, share - t, x < vec4<f32>());
}
