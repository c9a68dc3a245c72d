// Inverse hyperbolic functions as logarithms of 1 + u, where u is small when the result is; needs
// logarithm.wgsl.

const FAR = 33554432.0;

// From 2^25 on ln(2 a), for a itself might be too large to be doubled.
fn logarithm_of_double(a: vec4<f32>, u: vec4<f32>) -> vec4<f32> {
  let far = a > vec4<f32>(FAR);
  let doubled = select(vec4<f32>(), vec4<f32>(0.6931471805599453), far);
  return logarithm_one_plus(select(u, a, far)) + doubled;
}

fn with_sign_of(x: vec4<f32>, size: vec4<f32>) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(size) | (bitcast<vec4<u32>>(x) & vec4<u32>(0x80000000u)));
}

fn area_sine(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x);
  let a = select(size, vec4<f32>(FAR), size > vec4<f32>(FAR));
  return with_sign_of(x, logarithm_of_double(size, a + a * a / (1.0 + sqrt(1.0 + a * a))));
}

fn area_cosine(x: vec4<f32>) -> vec4<f32> {
  let t = select(x, vec4<f32>(FAR), x > vec4<f32>(FAR)) - 1.0;
  let value = logarithm_of_double(x, t + sqrt(t * (t + 2.0)));
  let nan = x < vec4<f32>(1.0);
  return bitcast<vec4<f32>>(select(bitcast<vec4<u32>>(value), vec4<u32>(0x7fc00000u), nan));
}

fn area_tangent(x: vec4<f32>) -> vec4<f32> {
  let size = abs(x);
  let one = vec4<f32>(1.0);
  let inside = select(size, vec4<f32>(), size >= one);
  let value = 0.5 * logarithm_one_plus((inside + inside) / (1.0 - inside));
  let beyond = select(vec4<u32>(0x7fc00000u), vec4<u32>(0x7f800000u), size == one);
  return with_sign_of(x, select(value, bitcast<vec4<f32>>(beyond), size >= one));
}
