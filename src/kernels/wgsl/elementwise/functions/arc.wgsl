// The angles of a sine and a cosine: WGSL promises 2⁻¹⁴ at best. Beyond ½ they are those of half the
// angle, whose sine is √((1 - |x|) / 2), so that nothing cancels near 1.

// asin(|x|), or beyond ½ half of acos(|x|), by Cephes' asinf (Moshier).
fn half_arc(size: vec4<f32>, wide: vec4<bool>) -> vec4<f32> {
  let z = select(size * size, 0.5 * (1.0 - size), wide);
  let s = select(size, sqrt(z), wide);
  var p = 4.2163199048e-2 * z + 2.4181311049e-2;
  p = p * z + 4.5470025998e-2;
  p = p * z + 7.4953002686e-2;
  p = p * z + 1.6666752422e-1;
  return p * z * s + s;
}

// NaN where there is no such angle.
fn arc_or_nan(x: vec4<f32>, value: vec4<u32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu);
  return bitcast<vec4<f32>>(select(value, vec4<u32>(0x7fc00000u), size > vec4<u32>(0x3f800000u)));
}

// π/2 and π in two parts each, the second of which an f32 would lose.
fn arc_sine(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x);
  let wide = size > vec4<f32>(0.5);
  let arc = half_arc(size, wide);
  let value = select(arc, 1.57079637050628662 - (2.0 * arc + 4.37113900018624283e-8), wide);
  return arc_or_nan(x, bitcast<vec4<u32>>(value) | (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u)));
}

fn arc_cosine(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x);
  let wide = size > vec4<f32>(0.5);
  let left = x < vec4<f32>();
  let arc = half_arc(size, wide);
  let narrow = 1.57079637050628662 - (select(arc, -arc, left) + 4.37113900018624283e-8);
  let far = select(2.0 * arc, 3.14159274101257324 - (2.0 * arc + 8.74227800037248566e-8), left);
  return arc_or_nan(x, bitcast<vec4<u32>>(select(narrow, far, wide)));
}
