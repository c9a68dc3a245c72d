// Remainders of a / b, exact, and the whole quotient: a long division of the significands, as whole
// numbers, eight binary digits at a time.

// The remainder of the sizes of two numbers, in the bits of its own.
fn rest_of(size: vec4<u32>, limit: vec4<u32>) -> vec4<u32> {
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
  return select(divided, size, size < limit);
}

// The bits, or NaN where there is no remainder.
fn remainder_or_nan(bits: vec4<u32>, size: vec4<u32>, limit: vec4<u32>) -> vec4<f32> {
  let infinity = vec4<u32>(0x7f800000u);
  let nan = (size >= infinity) | (limit > infinity) | (limit == vec4<u32>());
  return bitcast<vec4<f32>>(select(bits, vec4<u32>(0x7fc00000u), nan));
}

// With the sign of b, and always nearer to 0 than b.
fn remainder(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let limit = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  let sign = bitcast<vec4<u32>>(b) & vec4<u32>(0x80000000u);
  let same = rest_of(size, limit);

  // The other side of 0 is as far from b; a rest too small to be seen there must not reach it.
  let across = bitcast<vec4<u32>>(bitcast<vec4<f32>>(limit) - bitcast<vec4<f32>>(same));
  let below = select(min(across, limit - 1u), limit, limit == vec4<u32>(0x7f800000u));
  let opposite = (bitcast<vec4<u32>>(a) & vec4<u32>(0x80000000u)) != sign;
  let bits = sign | select(same, below, opposite & (same != vec4<u32>()));
  return remainder_or_nan(bits, size, limit);
}

// With the sign of a, as C's fmod.
fn truncated_remainder(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let limit = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  return remainder_or_nan((bitcast<vec4<u32>>(a) ^ size) | rest_of(size, limit), size, limit);
}

// The whole number next below a / b; a / b itself where b is 0.
fn floor_quotient(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let limit = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  let sign = (bitcast<vec4<u32>>(a) ^ bitcast<vec4<u32>>(b)) & vec4<u32>(0x80000000u);
  let rest = rest_of(size, limit);
  let whole = round((bitcast<vec4<f32>>(size) - bitcast<vec4<f32>>(rest)) / bitcast<vec4<f32>>(limit));
  let further = (sign != vec4<u32>()) & (rest != vec4<u32>());
  let quotient = select(whole, whole + 1.0, further);
  let signed = remainder_or_nan(bitcast<vec4<u32>>(quotient) | sign, size, limit);
  return select(signed, a / b, limit == vec4<u32>());
}

// A positive number is its significand, a whole one below 2²⁴, times 2^(exponent - 150).
fn exponent_of(size: vec4<u32>) -> vec4<u32> {
  return max(size >> vec4<u32>(23u), vec4<u32>(1u));
}

fn significand_of(size: vec4<u32>) -> vec4<u32> {
  let leading = select(vec4<u32>(), vec4<u32>(0x800000u), size >= vec4<u32>(0x800000u));
  return (size & vec4<u32>(0x7fffffu)) | leading;
}
