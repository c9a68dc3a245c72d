// The builtin functions that WebAssembly has no instructions for, over four lanes at a time. Each
// brings its argument into a small range and takes a polynomial there. How far they are from the
// true values is measured over the whole range in math.test.ts; docs/compiler.md has the table.

const INFINITY = 0x7f800000u;

// e^x · 2^shift
fn exp_scaled(x: vec4<f32>, shift: vec4<i32>) -> vec4<f32> {
  let y = min(max(x, vec4<f32>(-105.0)), vec4<f32>(90.0));
  // Adding 1.5 · 2^23 leaves the nearest whole number in the last bits: rounding and conversion in one.
  let shifted = y * 1.4426950408889634 + 12582912.0;
  let n = shifted - 12582912.0;
  let r = (y - n * 0.693359375) - n * -2.12194440054690583e-4;
  var p = 1.9875691500e-4 * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  p = (p * (r * r) + r) + 1.0;
  return times_power(p, bitcast<vec4<i32>>(shifted) - 0x4b400000 + shift);
}

fn _exp(x: vec4<f32>) -> vec4<f32> {
  return exp_scaled(x, vec4<i32>());
}

// 2^r for |r| ≤ 0.5
fn exp2_near(r: vec4<f32>) -> vec4<f32> {
  var p = 1.535336188319500e-4 * r + 1.339887440266574e-3;
  p = p * r + 9.618437357674640e-3;
  p = p * r + 5.550332471162809e-2;
  p = p * r + 2.402264791363012e-1;
  p = p * r + 6.931472028550421e-1;
  return p * r + 1.0;
}

fn _exp2(x: vec4<f32>) -> vec4<f32> {
  let y = min(max(x, vec4<f32>(-151.0)), vec4<f32>(129.0));
  let n = round(y);
  return _ldexp(exp2_near(y - n), vec4<i32>(n));
}

// x · 2^n, also where the result is below the smallest normal number or infinite.
fn _ldexp(x: vec4<f32>, n: vec4<i32>) -> vec4<f32> {
  return times_power(x, min(max(n, vec4<i32>(-252)), vec4<i32>(254)));
}

// The same for exponents from -252 to 254, in two steps, since half of them has no power that is normal.
fn times_power(x: vec4<f32>, k: vec4<i32>) -> vec4<f32> {
  let half = k >> vec4<u32>(1u);
  let a = bitcast<vec4<f32>>((half + 127) << vec4<u32>(23u));
  let b = bitcast<vec4<f32>>((k - half + 127) << vec4<u32>(23u));
  return x * a * b;
}

// The exponent of x, in front of a factor from sqrt(1/2) to sqrt(2).
struct Parts {
  exponent: vec4<f32>,
  factor: vec4<f32>,
}

fn parts_of(x: vec4<f32>) -> Parts {
  let tiny = x < vec4<f32>(1.17549435e-38);
  let scaled = select(x, x * 8388608.0, tiny);
  let bits = bitcast<vec4<i32>>(scaled) - 0x3f3504f3;
  let exponent = vec4<f32>(bits >> vec4<u32>(23u)) - select(vec4<f32>(), vec4<f32>(23.0), tiny);
  return Parts(exponent, bitcast<vec4<f32>>((bits & vec4<i32>(0x7fffff)) + 0x3f3504f3));
}

// The logarithm's values where there is no logarithm: -∞ at 0, NaN below, ∞ and NaN as they are.
fn log_edges(x: vec4<f32>, value: vec4<f32>) -> vec4<f32> {
  let infinity = bitcast<vec4<f32>>(vec4<u32>(INFINITY));
  let known = select(value, x, !(x < infinity));
  let below = select(known, bitcast<vec4<f32>>(vec4<u32>(0x7fc00000u)), x < vec4<f32>());
  return select(below, -infinity, x == vec4<f32>());
}

// ln(1 + f) - f + f² / 2 for a factor 1 + f.
fn log_rest(f: vec4<f32>) -> vec4<f32> {
  var p = 7.0376836292e-2 * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  return p * f * (f * f);
}

fn _log(x: vec4<f32>) -> vec4<f32> {
  let parts = parts_of(x);
  let n = parts.exponent;
  let f = parts.factor - 1.0;
  let low = log_rest(f) + n * -2.12194440054690583e-4 - 0.5 * (f * f);
  return log_edges(x, (f + low) + n * 0.693359375);
}

// The sum of two numbers with what rounding loses of it.
struct Double {
  high: vec4<f32>,
  low: vec4<f32>,
}

// The first 12 bits of a number: products of two such are exact.
fn short(x: vec4<f32>) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) & vec4<u32>(0xfffff000u));
}

// The base-2 logarithm to about 35 bits, for x > 0.
fn log2_double(x: vec4<f32>) -> Double {
  let parts = parts_of(x);
  let f = parts.factor - 1.0;
  let f_high = short(f);
  let square = 0.5 * (f_high * f_high);
  let square_low = 0.5 * (f - f_high) * (f + f_high);
  // ln(factor) = high + low
  let sum = f - square;
  let lost = (f - sum) - square;
  let rest = log_rest(f) - square_low + lost;
  let high = short(sum + rest);
  let low = (sum - high) + rest;
  // times 1 / ln 2 = 1.44238281 + 3.1223e-4
  let product = high * 1.4423828125;
  let product_low = low * 1.4426950408889634 + high * 3.122283891e-4;
  let total = parts.exponent + product;
  let carried = product - (total - parts.exponent);
  return Double(total, carried + product_low);
}

fn _log2(x: vec4<f32>) -> vec4<f32> {
  let value = log2_double(x);
  return log_edges(x, value.high + value.low);
}

// 2^(y · log2(x)), the exponent in two numbers.
fn _pow(x: vec4<f32>, y: vec4<f32>) -> vec4<f32> {
  let infinity = bitcast<vec4<f32>>(vec4<u32>(INFINITY));
  let value = log2_double(x);
  let high = short(value.high + value.low);
  let low = (value.high - high) + value.low;
  let y_high = short(y);
  let product = y_high * high;
  let product_low = y * low + (y - y_high) * high;
  // Far beyond the range of the result only the sign counts.
  let far = abs(y * high) > vec4<f32>(300.0);
  let exponent = select(product, min(max(y * high, vec4<f32>(-300.0)), vec4<f32>(300.0)), far);
  let n = round(exponent);
  let r = (exponent - n) + select(product_low, vec4<f32>(), far);
  var result = _ldexp(exp2_near(r), vec4<i32>(n));
  let zero = x == vec4<f32>();
  let rising = y > vec4<f32>();
  result = select(result, select(infinity, vec4<f32>(), rising), zero);
  result = select(result, select(vec4<f32>(), infinity, rising), x == infinity);
  result = select(result, bitcast<vec4<f32>>(vec4<u32>(0x7fc00000u)), (x < vec4<f32>()) | (x != x) | (y != y));
  return select(result, vec4<f32>(1.0), (y == vec4<f32>()) | (x == vec4<f32>(1.0)));
}

// An angle as a number of quarter turns and a rest of at most π/4.
struct Angle {
  quarters: vec4<i32>,
  rest: vec4<f32>,
}

fn high_product(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let low = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (low >> 16u);
}

// 32 bits of 2/π from a bit on, counted from 32 bits in front of the point.
fn bits_of_two_over_pi(first: u32) -> u32 {
  var words = array<u32, 9>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
    0xdebbc561u,
  );
  let word = first >> 5u;
  let shift = first & 31u;
  return (words[word] << shift) | ((words[word + 1u] >> 1u) >> (31u - shift));
}

// The angle of a large number (Payne and Hanek): of x · 2/π only the bits around the point are
// computed. Returns the quarters and the bits of the rest.
fn far_angle(x: f32) -> vec2<i32> {
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let first = (bits >> 23u) - 120u;
  let w1 = bits_of_two_over_pi(first + 32u);
  let w2 = bits_of_two_over_pi(first + 64u);
  let carry = high_product(mantissa, w2);
  let low = mantissa * w1 + carry;
  var carried = high_product(mantissa, w1);
  if (low < carry) { carried += 1u; }
  let high = mantissa * bits_of_two_over_pi(first) + carried;
  // The quarters are in the first two bits of high : low.
  var f_high = (high << 2u) | (low >> 30u);
  var f_low = low << 2u;
  var quarters = i32(high >> 30u);
  let negative = (f_high & 0x80000000u) != 0u;
  if (negative) {
    quarters += 1;
    f_low = ~f_low + 1u;
    f_high = ~f_high;
    if (f_low == 0u) { f_high += 1u; }
  }
  let fraction = f32(f_high) * 2.3283064365386963e-10 + f32(f_low) * 5.4210108624275222e-20;
  let rest = fraction * 1.5707963267948966;
  let signed = select(rest, -rest, negative);
  if (bitcast<u32>(x) >> 31u == 1u) { return vec2<i32>(-quarters, bitcast<i32>(-signed)); }
  return vec2<i32>(quarters, bitcast<i32>(signed));
}

fn angle_of(x: vec4<f32>) -> Angle {
  let n = round(x * 0.6366197723675814);
  // π/2 in four pieces, whose products with n are exact.
  let near = x - n * 1.5703125 - n * 4.837512969970703e-4 - n * 7.549533620476723e-8 - n * 2.5633440682570896e-12;
  var quarters = vec4<i32>(n);
  var rest = near;
  if (any(abs(x) > vec4<f32>(8192.0))) {
    var k = 0u;
    loop {
      if (abs(x[k]) > 8192.0) {
        let far = far_angle(x[k]);
        quarters[k] = far.x;
        rest[k] = bitcast<f32>(far.y);
      }
      continuing {
        k++;
        break if k == 4u;
      }
    }
    rest = select(rest, x - x, !(abs(x) < bitcast<vec4<f32>>(vec4<u32>(INFINITY))));
  }
  return Angle(quarters, rest);
}

fn sin_near(r: vec4<f32>) -> vec4<f32> {
  let z = r * r;
  let p = (-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1;
  return p * z * r + r;
}

fn cos_near(r: vec4<f32>) -> vec4<f32> {
  let z = r * r;
  let p = (2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2;
  return p * (z * z) - 0.5 * z + 1.0;
}

fn sin_quarters(quarters: vec4<i32>, rest: vec4<f32>) -> vec4<f32> {
  let odd = (quarters & vec4<i32>(1)) != vec4<i32>();
  let value = select(sin_near(rest), cos_near(rest), odd);
  let sign = (quarters & vec4<i32>(2)) << vec4<u32>(30u);
  return bitcast<vec4<f32>>(bitcast<vec4<i32>>(value) ^ sign);
}

fn _sin(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  return select(sin_quarters(angle.quarters, angle.rest), x, abs(x) < vec4<f32>(1e-4));
}

fn _cos(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  return sin_quarters(angle.quarters + 1, angle.rest);
}

fn _tan(x: vec4<f32>) -> vec4<f32> {
  let angle = angle_of(x);
  let sine = sin_near(angle.rest);
  let cosine = cos_near(angle.rest);
  let odd = (angle.quarters & vec4<i32>(1)) != vec4<i32>();
  let value = select(sine, -cosine, odd) / select(cosine, sine, odd);
  return select(value, x, abs(x) < vec4<f32>(1e-4));
}

// asin(a) for 0 ≤ a ≤ 0.5
fn asin_near(a: vec4<f32>) -> vec4<f32> {
  let z = a * a;
  var p = 4.2163199048e-2 * z + 2.4181311049e-2;
  p = p * z + 4.5470025998e-2;
  p = p * z + 7.4953002686e-2;
  p = p * z + 1.6666752422e-1;
  return p * z * a + a;
}

fn with_sign(size: vec4<f32>, sign: vec4<f32>) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(size) | (bitcast<vec4<u32>>(sign) & vec4<u32>(0x80000000u)));
}

fn _asin(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let outer = a > vec4<f32>(0.5);
  let near = asin_near(select(a, sqrt(0.5 * (1.0 - a)), outer));
  let value = select(near, 1.57079637050628662 - (2.0 * near + 4.37113900018624283e-8), outer);
  return with_sign(value, x);
}

fn _acos(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let outer = a > vec4<f32>(0.5);
  let near = asin_near(select(a, sqrt(0.5 * (1.0 - a)), outer));
  let negative = x < vec4<f32>();
  let wide = select(2.0 * near, 3.14159274101257324 - (2.0 * near + 8.74227800037248566e-8), negative);
  return select(1.57079637050628662 - (with_sign(near, x) + 4.37113900018624283e-8), wide, outer);
}

// atan(a) for a ≥ 0
fn atan_positive(a: vec4<f32>) -> vec4<f32> {
  let far = a > vec4<f32>(2.414213562373095);
  let middle = a > vec4<f32>(0.4142135623730950);
  let t = select(select(a, (a - 1.0) / (a + 1.0), middle), -1.0 / a, far);
  let start = select(select(vec4<f32>(), vec4<f32>(0.7853981633974483), middle), vec4<f32>(1.5707963267948966), far);
  let z = t * t;
  var p = 8.05374449538e-2 * z - 1.38776856032e-1;
  p = p * z + 1.99777106478e-1;
  p = p * z - 3.33329491539e-1;
  return start + (p * z * t + t);
}

fn _atan(x: vec4<f32>) -> vec4<f32> {
  return with_sign(atan_positive(abs(x)), x);
}

fn _atan2(y: vec4<f32>, x: vec4<f32>) -> vec4<f32> {
  let a = abs(y);
  let b = abs(x);
  let infinity = bitcast<vec4<f32>>(vec4<u32>(INFINITY));
  var ratio = min(a, b) / max(a, b);
  ratio = select(ratio, vec4<f32>(), max(a, b) == vec4<f32>());
  ratio = select(ratio, vec4<f32>(1.0), (a == infinity) & (b == infinity));
  var angle = atan_positive(ratio);
  angle = select(angle, 1.57079637050628662 - (angle + 4.37113900018624283e-8), a > b);
  let left = (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u)) != vec4<u32>();
  angle = select(angle, 3.14159274101257324 - (angle + 8.74227800037248566e-8), left);
  return select(with_sign(angle, y), x + y, (x != x) | (y != y));
}

fn _sinh(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let z = x * x;
  var p = 2.03721912945e-4 * z + 8.33028376239e-3;
  p = p * z + 1.66667160211e-1;
  let near = p * z * x + x;
  let half = vec4<i32>(-1);
  let far = exp_scaled(a, half) - exp_scaled(-a, half);
  return select(with_sign(far, x), near, a < vec4<f32>(1.0));
}

fn _cosh(x: vec4<f32>) -> vec4<f32> {
  let half = vec4<i32>(-1);
  let a = abs(x);
  return exp_scaled(a, half) + exp_scaled(-a, half);
}

fn _tanh(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x);
  let z = x * x;
  var p = -5.70498872745e-3 * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  let near = p * z * x + x;
  let far = 1.0 - 2.0 / (exp_scaled(a + a, vec4<i32>()) + 1.0);
  return select(with_sign(far, x), near, a < vec4<f32>(0.625));
}

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
