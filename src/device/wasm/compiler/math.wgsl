// The builtin functions that WebAssembly has no instructions for, over four lanes at a time.
fn _exp(x: vec4<f32>) -> vec4<f32> {
  let y = min(max(x, vec4<f32>(-104.0)), vec4<f32>(89.0));
  let n = round(y * 1.44269504088896341);
  let r = (y - n * 0.693359375) - n * -2.12194440e-4;
  var p = 1.9875691500e-4 * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  p = p * r * r + r + 1.0;
  let k = vec4<i32>(n);
  let half = k >> vec4<u32>(1u);
  let a = bitcast<vec4<f32>>((half + vec4<i32>(127)) << vec4<u32>(23u));
  let b = bitcast<vec4<f32>>((k - half + vec4<i32>(127)) << vec4<u32>(23u));
  return p * a * b;
}
