// 2^x, a whole power exactly; needs exponential.wgsl. The polynomial is Cephes' exp2f (Moshier).
fn power_of_two(x: vec4<f32>) -> vec4<f32> {
  let above = select(x, vec4<f32>(-151.0), x < vec4<f32>(-151.0));
  let inside = select(above, vec4<f32>(129.0), above > vec4<f32>(129.0));
  let n = round(inside);
  let r = inside - n;
  var p = 1.535336188319500e-4 * r + 1.339887440266574e-3;
  p = p * r + 9.618437357674640e-3;
  p = p * r + 5.550332471162809e-2;
  p = p * r + 2.402264791363012e-1;
  p = p * r + 6.931472028550421e-1;
  let half = floor(n * 0.5);
  return ((p * r + 1.0) * two_to(half, 0)) * two_to(n - half, 0);
}
