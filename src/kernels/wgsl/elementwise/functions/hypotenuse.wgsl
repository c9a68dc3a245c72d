// √(a² + b²), whose squares neither overflow nor vanish: both are scaled by a power of two first. Infinite
// where either is, even beside NaN.
fn hypotenuse(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let infinity = vec4<u32>(0x7f800000u);
  let first = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let second = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  let longer = max(first, second);

  // 2^-66 from 2^60 on, 2^100 below 2^-60.
  let large = longer >= vec4<u32>(0x5d800000u);
  let small = longer < vec4<u32>(0x21800000u);
  let one = vec4<f32>(1.0);
  let scale = select(select(one, vec4<f32>(1.2676506002282294e30), small), vec4<f32>(1.3552527156068805e-20), large);
  let back = select(select(one, vec4<f32>(7.888609052210118e-31), small), vec4<f32>(7.378697629483821e19), large);
  let x = bitcast<vec4<f32>>(first) * scale;
  let y = bitcast<vec4<f32>>(second) * scale;
  let bits = bitcast<vec4<u32>>(sqrt(x * x + y * y) * back);
  let either = (first == infinity) | (second == infinity);
  let known = select(bits, vec4<u32>(0x7fc00000u), longer > infinity);
  return bitcast<vec4<f32>>(select(known, infinity, either));
}
