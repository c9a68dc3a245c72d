// aᵇ, with the values that IEEE 754 gives it at its rims: WGSL's pow has no negative bases, and a
// driver may assume that there is neither NaN nor ∞, so those are told by their bits.
fn power(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(a) & vec4<u32>(0x7fffffffu);
  let exponent = bitcast<vec4<u32>>(b) & vec4<u32>(0x7fffffffu);
  let falls = (bitcast<vec4<u32>>(b) >> vec4<u32>(31u)) == vec4<u32>(1u);

  // Whole exponents up to 15 multiply, which is exact wherever the result is an f32: 3¹⁶ is none.
  let few = (exponent <= vec4<u32>(0x41700000u)) & (trunc(b) == b);
  var left = vec4<u32>(select(vec4<f32>(), abs(b), few));
  var square = a;
  var product = vec4<f32>(1.0);
  while (any(left != vec4<u32>())) {
    product = select(product, product * square, (left & vec4<u32>(1u)) == vec4<u32>(1u));
    square *= square;
    left = left >> vec4<u32>(1u);
  }
  // What has left the normal numbers has lost digits that its reciprocal would need.
  let normal = ((bitcast<vec4<u32>>(product) & vec4<u32>(0x7fffffffu)) - vec4<u32>(0x800000u)) < vec4<u32>(0x7f000000u);
  let multiplied = few & (normal | !falls);
  let exact = select(product, 1.0 / product, falls);
  if (all(multiplied)) { return exact; }

  var bits = bitcast<vec4<u32>>(pow(bitcast<vec4<f32>>(size), b));
  let infinite = exponent == vec4<u32>(0x7f800000u);
  let endless = infinite | (size == vec4<u32>()) | (size == vec4<u32>(0x7f800000u));
  let grows = (size > vec4<u32>(0x3f800000u)) != falls;
  bits = select(bits, select(vec4<u32>(), vec4<u32>(0x7f800000u), grows), endless);

  // From 2²⁴ on every number is whole and even.
  let huge = exponent >= vec4<u32>(0x4b800000u);
  let whole = huge | (trunc(b) == b);
  let odd = whole & !huge & ((vec4<u32>(select(abs(b), vec4<f32>(), huge)) & vec4<u32>(1u)) == vec4<u32>(1u));
  let negative = bitcast<vec4<u32>>(a) != size;
  bits |= select(vec4<u32>(), vec4<u32>(0x80000000u), negative & odd);
  let unreal = negative & !whole & !endless;
  let nan = unreal | (max(size, exponent) > vec4<u32>(0x7f800000u));
  bits = select(bits, vec4<u32>(0x7fc00000u), nan);
  let one = (bitcast<vec4<u32>>(a) == vec4<u32>(0x3f800000u)) | (infinite & (size == vec4<u32>(0x3f800000u)));
  bits = select(bits, vec4<u32>(0x3f800000u), one);
  return select(bitcast<vec4<f32>>(bits), exact, multiplied);
}

// Of whole numbers, wrapped around. Reciprocals are 0, but of 1 and -1.
fn whole_power(a: vec4<i32>, b: vec4<i32>) -> vec4<i32> {
  let one = vec4<i32>(1);
  let reciprocal = select(vec4<i32>(), a, abs(a) == one);
  var square = select(a, reciprocal, b < vec4<i32>());
  var left = bitcast<vec4<u32>>(select(b, 2 - (b & one), b < vec4<i32>()));
  var product = one;
  while (any(left != vec4<u32>())) {
    product = select(product, product * square, (left & vec4<u32>(1u)) == vec4<u32>(1u));
    square *= square;
    left = left >> vec4<u32>(1u);
  }
  return product;
}
