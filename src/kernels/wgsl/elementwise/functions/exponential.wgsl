// Powers of e where the builtin's error, which grows with |x|, would show: a function file of
// elementwise kernels, four lanes at a time. No step depends on operations being done in order.

// x as a whole number of ln 2 and a rest of at most half of it.
struct PowersOfTwo {
  count: vec4<f32>,
  rest: vec4<f32>,
}

fn powers_of_two(x: vec4<f32>) -> PowersOfTwo {
  let count = round(x * 1.4426950408889634);
  return PowersOfTwo(count, (x - count * 0.693359375) - count * -2.12194440054690583e-4);
}

// e^r - 1 for |r| ≤ ln 2 / 2: Cephes' expf (Moshier).
fn small_power(r: vec4<f32>) -> vec4<f32> {
  var p = 1.9875691500e-4 * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  return p * (r * r) + r;
}

// 2^(count + more). Added to 1.5 · 2^23, a count is in the last bits, from where it goes into the
// exponent.
fn two_to(count: vec4<f32>, more: i32) -> vec4<f32> {
  let last_bits = bitcast<vec4<i32>>(count + 12582912.0);
  return bitcast<vec4<f32>>((last_bits << vec4<u32>(23u)) + vec4<i32>((127 + more) << 23u));
}

// Powers of e may be too small for a normal exponent: they are made 2^64 times as large first.
const SCALE_BACK = 5.421010862427522e-20;

// e^(x + low) for -113 ≤ x ≤ 0 and what rounding lost of x.
fn exponential_below(x: vec4<f32>, low: vec4<f32>) -> vec4<f32> {
  let powers = powers_of_two(x);
  return ((small_power(powers.rest + low) + 1.0) * two_to(powers.count, 64)) * SCALE_BACK;
}

// e^-|x|. Compared and not max(), so that NaN stays NaN; from 113 on it is 0.
fn decay(x: vec4<f32>) -> vec4<f32> {
  let down = bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) | vec4<u32>(0x80000000u));
  let powers = powers_of_two(select(down, vec4<f32>(-113.0), down < vec4<f32>(-113.0)));
  return ((small_power(powers.rest) + 1.0) * two_to(powers.count, 64)) * SCALE_BACK;
}

// e^x - 1: 2^n · ((e^r - 1) + (1 - 2^-n)), which for n = 0 has nothing to cancel.
fn exponential_minus_one(x: vec4<f32>) -> vec4<f32> {
  let above = select(x, vec4<f32>(-25.0), x < vec4<f32>(-25.0));
  let powers = powers_of_two(select(above, vec4<f32>(90.0), above > vec4<f32>(90.0)));
  let n = powers.count;
  let half = floor(n * 0.5);
  let missing = 1.0 - two_to(-min(n, vec4<f32>(126.0)), 0);
  let value = ((small_power(powers.rest) + missing) * two_to(half, 0)) * two_to(n - half, 0);
  return select(value, x, x == vec4<f32>());
}
