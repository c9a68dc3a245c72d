// The tangent of any angle: WGSL bounds its own between -1 and 1 at best, and says nothing of large ones.
// An angle is cut into quarter turns by whole numbers (Payne & Hanek, "Radian reduction for trigonometric
// functions", 1983), which no rounding and no order of operations can spoil.

// Of a product of 24 and 32 binary digits the upper and the lower 32.
struct Product {
  high: vec4<u32>,
  low: vec4<u32>,
}

fn product_of(a: vec4<u32>, b: vec4<u32>) -> Product {
  let half = vec4<u32>(16u);
  let first = (a & vec4<u32>(0xffffu)) * (b & vec4<u32>(0xffffu));
  let crossed = (a >> half) * (b & vec4<u32>(0xffffu)) + (first >> half);
  let middle = (a & vec4<u32>(0xffffu)) * (b >> half) + (crossed & vec4<u32>(0xffffu));
  let high = (a >> half) * (b >> half) + (crossed >> half) + (middle >> half);
  return Product(high, (middle << half) | (first & vec4<u32>(0xffffu)));
}

// The digits of 2/π behind 32 zeros, 32 a word.
fn two_over_pi(word: u32) -> u32 {
  var words = array<u32, 9>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
    0xdebbc561u,
  );
  return words[word];
}

fn each_two_over_pi(word: vec4<u32>) -> vec4<u32> {
  return vec4<u32>(two_over_pi(word.x), two_over_pi(word.y), two_over_pi(word.z), two_over_pi(word.w));
}

// The 32 digits that begin `by` digits behind the first of a word.
fn digits_from(word: vec4<u32>, next: vec4<u32>, by: vec4<u32>) -> vec4<u32> {
  return (word << by) | ((next >> vec4<u32>(1u)) >> (31u - by));
}

// An angle as an even or odd number of quarter turns, and a rest of at most half of one.
struct QuarterTurns {
  odd: vec4<bool>,
  rest: vec4<f32>,
}

// Of an angle from 1/2 on, given by its bits: of its product with 2/π the digits around the point.
fn quarter_turns(size: vec4<u32>) -> QuarterTurns {
  let exponent = clamp(size >> vec4<u32>(23u), vec4<u32>(126u), vec4<u32>(254u));
  let significand = (size & vec4<u32>(0x7fffffu)) | vec4<u32>(0x800000u);
  let first = exponent - 120u;
  let by = first & vec4<u32>(31u);
  var w0 = vec4<u32>();
  var w1 = vec4<u32>(0xa2f9836eu);
  var w2 = vec4<u32>(0x4e441529u);
  var w3 = vec4<u32>(0xfc2757d1u);
  if (any(first > vec4<u32>(31u))) {
    let word = first >> vec4<u32>(5u);
    w0 = each_two_over_pi(word);
    w1 = each_two_over_pi(word + 1u);
    w2 = each_two_over_pi(word + 2u);
    w3 = each_two_over_pi(word + 3u);
  }
  let middle = product_of(significand, digits_from(w1, w2, by));
  let low = middle.low + product_of(significand, digits_from(w2, w3, by)).high;
  let carried = select(vec4<u32>(), vec4<u32>(1u), low < middle.low);
  let high = significand * digits_from(w0, w1, by) + middle.high + carried;

  // Two digits in front of the point, 62 behind it; what is above a half is counted from the next turn.
  var ahead = (high << vec4<u32>(2u)) | (low >> vec4<u32>(30u));
  var behind = low << vec4<u32>(2u);
  let over = ahead >= vec4<u32>(0x80000000u);
  let odd = ((high >> vec4<u32>(30u)) & vec4<u32>(1u)) == vec4<u32>(1u);
  let borrowed = select(vec4<u32>(1u), vec4<u32>(), behind != vec4<u32>());
  ahead = select(ahead, ~ahead + borrowed, over);
  behind = select(behind, ~behind + 1u, over);
  let fraction = vec4<f32>(ahead) * 2.3283064365386963e-10 + vec4<f32>(behind) * 5.421010862427522e-20;
  let rest = fraction * 1.5707963267948966;
  return QuarterTurns(odd != over, select(rest, -rest, over));
}

// tan(x), of a rest of at most π/4 by Cephes' tanf (Moshier), of an odd number of quarter turns -1 / tan.
fn tangent(x: vec4<f32>) -> vec4<f32> {
  let size = bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu);
  let turned = quarter_turns(size);
  let near = size <= vec4<u32>(0x3f490fdau);
  let r = select(turned.rest, bitcast<vec4<f32>>(size), near);
  let z = r * r;
  var p = 9.38540185543e-3 * z + 3.11992232697e-3;
  p = p * z + 2.44301354525e-2;
  p = p * z + 5.34112807005e-2;
  p = p * z + 1.33387994085e-1;
  p = p * z + 3.33331568548e-1;
  let value = p * z * r + r;
  let turns = turned.odd & !near;
  let bits = bitcast<vec4<u32>>(select(value, -1.0 / value, turns)) ^ (bitcast<vec4<u32>>(x) ^ size);
  return bitcast<vec4<f32>>(select(bits, vec4<u32>(0x7fc00000u), size >= vec4<u32>(0x7f800000u)));
}
