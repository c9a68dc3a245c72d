// Exponentials, logarithms and powers.
//
// The files of math/ are the builtin functions that WebAssembly has no instructions for, over four
// lanes at a time. Each brings its argument into a small range and takes a polynomial there. How far
// they are from the true values is measured over the whole range in math.test.ts; docs/compiler.md
// has the table.

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
