// The error function, what it lacks of 1, and x times the normal distribution function; needs
// exponential.wgsl. All coefficients are those of the least largest relative error.

// erf(x) as x · P(x²) / Q(x²), which from 3.92 on is 1.
fn error_function(x: vec4<f32>) -> vec4<f32> {
  let z = x * x;
  var p = 1.98680082e-6 * z + 2.8456545e-4;
  p = p * z + 3.88329056e-3;
  p = p * z + 5.31015754e-2;
  p = p * z + 1.93543707e-1;
  p = p * z + 1.12837914;
  var q = 3.74203472e-5 * z + 1.18555978e-3;
  q = q * z + 1.52071406e-2;
  q = q * z + 1.15349448e-1;
  q = q * z + 5.04856200e-1;
  q = q * z + 1.0;
  let value = x * p / q;
  let edge = select(vec4<f32>(1.0), vec4<f32>(-1.0), x < vec4<f32>());
  return select(value, edge, (abs(x) > vec4<f32>(3.92)) | (abs(value) > vec4<f32>(1.0)));
}

// A square in two numbers, of which the first is exact: the first 12 bits squared, and the rest.
struct Square {
  high: vec4<f32>,
  low: vec4<f32>,
}

fn square_of(a: vec4<f32>) -> Square {
  let short = bitcast<vec4<f32>>(bitcast<vec4<u32>>(a) & vec4<u32>(0xfffff000u));
  return Square(short * short, (a - short) * (a + short));
}

// erfc(z) for 0 ≤ z ≤ 10.6, given -z² in two numbers: e^-z² times a polynomial in 1 / (1 + z / 2).
fn error_tail(z: vec4<f32>, high: vec4<f32>, low: vec4<f32>) -> vec4<f32> {
  let t = 1.0 / (1.0 + 0.5 * z);
  var p = -0.0592310822 * t + 0.285367094;
  p = p * t - 0.488842527;
  p = p * t + 0.279949233;
  p = p * t - 0.0279241366;
  p = p * t + 0.203237054;
  p = p * t + 0.24296453;
  p = p * t + 0.282394467;
  p = p * t + 0.282085325;
  return exponential_below(high, low) * (p * t);
}

// 1 - erf(x)
fn error_complement(x: vec4<f32>) -> vec4<f32> {
  let a = select(abs(x), vec4<f32>(10.6), abs(x) > vec4<f32>(10.6));
  let square = square_of(a);
  let tail = error_tail(a, -square.high, -square.low);
  return select(tail, 2.0 - tail, x < vec4<f32>());
}

// ½ erfc(|x| / √2), and |x| or, where that is more, 15: further out nothing is left.
struct NormalTail {
  size: vec4<f32>,
  share: vec4<f32>,
}

fn normal_tail(x: vec4<f32>) -> NormalTail {
  let a = select(abs(x), vec4<f32>(15.0), abs(x) > vec4<f32>(15.0));
  let square = square_of(a);
  let tail = error_tail(a * 0.7071067811865476, -0.5 * square.high, -0.5 * square.low);
  return NormalTail(a, 0.5 * tail);
}

// x · ½ erfc(-x / √2): -0 at -∞.
fn normal_gated(x: vec4<f32>) -> vec4<f32> {
  let tail = normal_tail(x);
  return select(x * (1.0 - tail.share), -tail.size * tail.share, x < vec4<f32>());
}

// Its derivative, ½ erfc(-x / √2) + x · e^(-x² / 2) / √(2π).
fn normal_gated_slope(x: vec4<f32>) -> vec4<f32> {
  let tail = normal_tail(x);
  let square = square_of(tail.size);
  let slope = 0.3989422804014327 * tail.size * exponential_below(-0.5 * square.high, -0.5 * square.low);
  return select(1.0 - tail.share + slope, tail.share - slope, x < vec4<f32>());
}
