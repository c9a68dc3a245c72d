// Bits turned round, and small numbers packed into a word and unpacked.

fn _reverseBits(x: vec4<u32>) -> vec4<u32> {
  var v = ((x >> vec4<u32>(1u)) & vec4<u32>(0x55555555u)) | ((x & vec4<u32>(0x55555555u)) << vec4<u32>(1u));
  v = ((v >> vec4<u32>(2u)) & vec4<u32>(0x33333333u)) | ((v & vec4<u32>(0x33333333u)) << vec4<u32>(2u));
  v = ((v >> vec4<u32>(4u)) & vec4<u32>(0x0f0f0f0fu)) | ((v & vec4<u32>(0x0f0f0f0fu)) << vec4<u32>(4u));
  v = ((v >> vec4<u32>(8u)) & vec4<u32>(0x00ff00ffu)) | ((v & vec4<u32>(0x00ff00ffu)) << vec4<u32>(8u));
  return (v >> vec4<u32>(16u)) | (v << vec4<u32>(16u));
}

fn bytes_of(word: u32) -> vec4<u32> {
  return vec4<u32>(word, word >> 8u, word >> 16u, word >> 24u) & vec4<u32>(255u);
}

fn _pack4xU8(v: vec4<u32>) -> u32 {
  let b = v & vec4<u32>(255u);
  return b.x | (b.y << 8u) | (b.z << 16u) | (b.w << 24u);
}

fn _pack4xI8(v: vec4<i32>) -> u32 {
  return _pack4xU8(bitcast<vec4<u32>>(v));
}

fn _unpack4xU8(word: u32) -> vec4<u32> {
  return bytes_of(word);
}

fn _unpack4xI8(word: u32) -> vec4<i32> {
  return (bitcast<vec4<i32>>(bytes_of(word)) << vec4<u32>(24u)) >> vec4<u32>(24u);
}

fn _pack4x8snorm(v: vec4<f32>) -> u32 {
  return _pack4xI8(vec4<i32>(floor(0.5 + 127.0 * clamp(v, vec4<f32>(-1.0), vec4<f32>(1.0)))));
}

fn _pack4x8unorm(v: vec4<f32>) -> u32 {
  return _pack4xU8(vec4<u32>(floor(0.5 + 255.0 * clamp(v, vec4<f32>(), vec4<f32>(1.0)))));
}

fn _unpack4x8snorm(word: u32) -> vec4<f32> {
  return max(vec4<f32>(_unpack4xI8(word)) / 127.0, vec4<f32>(-1.0));
}

fn _unpack4x8unorm(word: u32) -> vec4<f32> {
  return vec4<f32>(bytes_of(word)) / 255.0;
}

fn _pack2x16float(v: vec2<f32>) -> u32 {
  let bits = bitcast<vec2<u32>>(v);
  let size = bits & vec2<u32>(0x7fffffffu);
  let rounded = size + 0xfffu + ((size >> vec2<u32>(13u)) & vec2<u32>(1u));
  let normal = (rounded - 0x38000000u) >> vec2<u32>(13u);
  let tiny = bitcast<vec2<u32>>(abs(v) + 0.5) - 0x3f000000u;
  var half = select(normal, tiny, size < vec2<u32>(0x38800000u));
  half = select(half, vec2<u32>(0x7c00u), rounded >= vec2<u32>(0x47800000u));
  half = select(half, vec2<u32>(0x7e00u), size > vec2<u32>(INFINITY));
  half |= (bits >> vec2<u32>(16u)) & vec2<u32>(0x8000u);
  return half.x | (half.y << 16u);
}

fn _unpack2x16float(word: u32) -> vec2<f32> {
  let half = vec2<u32>(word & 0xffffu, word >> 16u);
  let size = (half & vec2<u32>(0x7fffu)) << vec2<u32>(13u);
  let finite = bitcast<vec2<u32>>(bitcast<vec2<f32>>(size) * 5.192296858534828e33);
  let special = (half & vec2<u32>(0x7c00u)) == vec2<u32>(0x7c00u);
  let value = select(finite, size | vec2<u32>(INFINITY), special);
  return bitcast<vec2<f32>>(value | ((half & vec2<u32>(0x8000u)) << vec2<u32>(16u)));
}
