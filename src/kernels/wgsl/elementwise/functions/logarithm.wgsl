// Logarithms right also near 1, where the builtin's error is absolute: a function file of
// elementwise kernels, four lanes at a time. No step depends on operations being done in order.

// x as a power of two and a factor from √½ to √2.
struct LogarithmParts {
  exponent: vec4<f32>,
  factor: vec4<f32>,
}

fn logarithm_parts(x: vec4<f32>) -> LogarithmParts {
  let bits = bitcast<vec4<i32>>(x) - vec4<i32>(0x3f3504f3);
  let factor = bitcast<vec4<f32>>((bits & vec4<i32>(0x7fffff)) + vec4<i32>(0x3f3504f3));
  return LogarithmParts(vec4<f32>(bits >> vec4<u32>(23u)), factor);
}

// The factor of f³ in ln(1 + f): Cephes' logf (Moshier).
fn logarithm_cubic(f: vec4<f32>) -> vec4<f32> {
  var p = 7.0376836292e-2 * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  return p * f + 3.3333331174e-1;
}

// ln(2^n · (1 + f))
fn logarithm_of(n: vec4<f32>, f: vec4<f32>) -> vec4<f32> {
  let low = logarithm_cubic(f) * f * (f * f) + n * -2.12194440054690583e-4 - 0.5 * (f * f);
  return (f + low) + n * 0.693359375;
}

// -∞ where y is 0, NaN below; ∞ and NaN stay.
fn logarithm_edges(y: vec4<f32>, value: vec4<f32>) -> vec4<f32> {
  let below = select(vec4<u32>(0xff800000u), vec4<u32>(0x7fc00000u), y < vec4<f32>());
  let known = select(y, value, y <= vec4<f32>(3.4028234e38));
  return select(known, bitcast<vec4<f32>>(below), y <= vec4<f32>());
}

// Those of subnormal numbers too.
fn logarithm_parts_of_all(x: vec4<f32>) -> LogarithmParts {
  let tiny = x < vec4<f32>(1.17549435e-38);
  let parts = logarithm_parts(select(x, x * 8388608.0, tiny));
  return LogarithmParts(parts.exponent - select(vec4<f32>(), vec4<f32>(23.0), tiny), parts.factor);
}

fn logarithm(x: vec4<f32>) -> vec4<f32> {
  let parts = logarithm_parts_of_all(x);
  return logarithm_edges(x, logarithm_of(parts.exponent, parts.factor - 1.0));
}

// ln(1 + x). Where the power of two is 1, x itself is the factor less 1; elsewhere what 1 + x loses
// is less than two units of the result.
fn logarithm_one_plus(x: vec4<f32>) -> vec4<f32> {
  let y = 1.0 + x;
  let parts = logarithm_parts(y);
  let f = select(parts.factor - 1.0, x, parts.exponent == vec4<f32>());
  return select(logarithm_edges(y, logarithm_of(parts.exponent, f)), x, x == vec4<f32>());
}
