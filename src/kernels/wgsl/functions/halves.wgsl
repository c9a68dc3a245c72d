// Four f32 as two words of two f16 each, and back. Rounded on the bits: WGSL leaves open to which side
// pack2x16float rounds, what becomes of numbers beyond 65504, and whether there are subnormals.

fn packed_halves(v: vec4<f32>) -> vec2<u32> {
  let bits = bitcast<vec4<u32>>(v);
  let size = bits & vec4<u32>(0x7fffffffu);
  // To the nearest, or the even one of two; what carries goes on into the exponent.
  let rounded = size + vec4<u32>(0xfffu) + ((size >> vec4<u32>(13u)) & vec4<u32>(1u));
  let normal = (rounded - vec4<u32>(0x38000000u)) >> vec4<u32>(13u);
  // Beside 0.5 an f32 has the steps that subnormals have.
  let subnormal = bitcast<vec4<u32>>(abs(v) + vec4<f32>(0.5)) - vec4<u32>(0x3f000000u);
  var half = select(normal, subnormal, size < vec4<u32>(0x38800000u));
  half = select(half, vec4<u32>(0x7c00u), rounded >= vec4<u32>(0x47800000u));
  half = select(half, vec4<u32>(0x7e00u), size > vec4<u32>(0x7f800000u));
  half |= (bits >> vec4<u32>(16u)) & vec4<u32>(0x8000u);
  return half.xz | (half.yw << vec2<u32>(16u));
}

fn halves(words: vec2<u32>) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y));
}
