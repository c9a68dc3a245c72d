// The gradient that a step is taken against: scaled where the norm is clipped, then clipped by
// value with CLIP_VALUE. WGSL lets clamp lose a NaN, so NaNs are told by their bits and kept.
fn gradient(i: u32) -> vec4<f32> {
  let grad = scaled(grads[i]);
  if (CLIP_VALUE == 0u) { return grad; }
  let limit = vec4<f32>(params.clipValue);
  let magnitude = bitcast<vec4<u32>>(grad) & vec4<u32>(0x7fffffffu);
  return select(clamp(grad, -limit, limit), grad, magnitude > vec4<u32>(0x7f800000u));
}
