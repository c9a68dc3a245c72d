// x · tanh(ln(1 + e^x)), whose tanh is a quotient of polynomials in e^-|x|; needs exponential.wgsl. -0 at -∞.
fn mish_gated(x: vec4<f32>) -> vec4<f32> {
  let e = decay(x);
  let below = e * (e + 2.0);
  let above = 1.0 + 2.0 * e;
  let share = select(above / (above + 2.0 * (e * e)), below / (below + 2.0), x < vec4<f32>());
  return select(x, vec4<f32>(-1e3), x < vec4<f32>(-1e3)) * share;
}
