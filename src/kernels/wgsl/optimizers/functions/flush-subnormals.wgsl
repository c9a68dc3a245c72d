// Zero for numbers of less than 2^-126, which processors add and multiply up to a hundred times
// slower. A mean whose gradient is 0 from now on (behind a unit that no longer fires) decays to
// one and would stay there: 0.9 times the smallest of them rounds to itself.
fn flushed(x: vec4<f32>) -> vec4<f32> {
  let exponent = bitcast<vec4<u32>>(x) & vec4<u32>(0x7f800000u);
  return select(x, vec4<f32>(), exponent == vec4<u32>());
}
