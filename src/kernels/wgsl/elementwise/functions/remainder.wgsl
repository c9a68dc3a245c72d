// The remainder of a / b, exact, with the sign of b and always nearer to 0 than b: a long division of
// the significands, as whole numbers, eight binary digits at a time.
fn remainder(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let infinity = vec4<u32>(0x7f800000u);
  let size = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let limit = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  let sign = bitcast<vec4<u32>>(b) & vec4<u32>(0x80000000u);

  let scale = exponent_of(limit);
  let divisor = max(significand_of(limit), vec4<u32>(1u));
  var rest = significand_of(size);
  var digits = vec4<u32>(max(vec4<i32>(exponent_of(size)) - vec4<i32>(scale), vec4<i32>()));
  loop {
    let next = min(digits, vec4<u32>(8u));
    rest = (rest << next) % divisor;
    digits -= next;
    if (!any(digits > vec4<u32>())) { break; }
  }
  // rest · 2^(scale - 150) in two steps, since not every such power of two is a normal number.
  let half = scale >> vec4<u32>(1u);
  let first = bitcast<vec4<f32>>((half + 52u) << vec4<u32>(23u));
  let second = bitcast<vec4<f32>>((scale - half + 52u) << vec4<u32>(23u));
  let divided = bitcast<vec4<u32>>(vec4<f32>(rest) * first * second);
  let same = select(divided, size, size < limit);

  // The other side of 0 is as far from b; a rest too small to be seen there must not reach it.
  let across = bitcast<vec4<u32>>(bitcast<vec4<f32>>(limit) - bitcast<vec4<f32>>(same));
  let below = select(min(across, limit - 1u), limit, limit == infinity);
  let opposite = (bitcast<vec4<u32>>(a) & vec4<u32>(0x80000000u)) != sign;
  let bits = sign | select(same, below, opposite & (same != vec4<u32>()));
  let nan = (size >= infinity) | (limit > infinity) | (limit == vec4<u32>());
  return bitcast<vec4<f32>>(select(bits, vec4<u32>(0x7fc00000u), nan));
}

// A positive number is its significand, a whole one below 2²⁴, times 2^(exponent - 150).
fn exponent_of(size: vec4<u32>) -> vec4<u32> {
  return max(size >> vec4<u32>(23u), vec4<u32>(1u));
}

fn significand_of(size: vec4<u32>) -> vec4<u32> {
  let leading = select(vec4<u32>(), vec4<u32>(0x800000u), size >= vec4<u32>(0x800000u));
  return (size & vec4<u32>(0x7fffffu)) | leading;
}
