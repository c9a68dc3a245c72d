// The operand `b` where it is f16, two to a word: read four neighbours at a time, 8 bytes, or one by one.
@group(0) @binding(2) var<storage, read> b: array<vec2<u32>>;

fn b_vector(i: u32) -> vec4<f32> {
  let words = b[i];
  return vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y));
}
fn b_element(i: u32) -> f32 {
  return unpack2x16float(b[i >> 2u][(i >> 1u) & 1u] >> ((i & 1u) * 16u)).x;
}
