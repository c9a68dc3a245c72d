// The operand `a` where it is f16, two to a word: read four neighbours at a time, 8 bytes, or one by one.
@group(0) @binding(1) var<storage, read> a: array<vec2<u32>>;

fn a_vector(i: u32) -> vec4<f32> {
  let words = a[i];
  return vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y));
}
fn a_element(i: u32) -> f32 {
  return unpack2x16float(a[i >> 2u][(i >> 1u) & 1u] >> ((i & 1u) * 16u)).x;
}
