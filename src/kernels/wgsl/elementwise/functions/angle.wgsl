// The angle of the point (x, y), with C's values on the axes, at the origin and at infinity, which
// WGSL's atan2 leaves to the driver: everything but one arc tangent of 0 … 1 is done on the bits. That one is a polynomial (Cephes, atanf), since
// drivers' own are off by 2⁻¹⁶ near 0.
fn angle(y: vec4<f32>, x: vec4<f32>) -> vec4<f32> {
  let infinity = vec4<u32>(0x7f800000u);
  let sign = bitcast<vec4<u32>>(y) & vec4<u32>(0x80000000u);
  let height = bitcast<vec4<u32>>(y) ^ sign;
  let width = bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu);
  let longer = max(height, width);
  let shorter = min(height, width);

  // Away from the ends of the range, where WGSL's division promises nothing.
  let far = select(vec4<f32>(1.0), vec4<f32>(5.9604645e-8), longer > vec4<u32>(0x70000000u));
  let scale = select(far, vec4<f32>(16777216.0), longer < vec4<u32>(0x10000000u));
  let divisor = bitcast<vec4<f32>>(longer) * scale;
  var ratio = bitcast<vec4<f32>>(shorter) * scale / divisor;
  ratio = select(ratio, vec4<f32>(), (divisor == vec4<f32>()) | (longer == infinity));
  ratio = select(ratio, vec4<f32>(1.0), shorter == infinity);

  let steep = ratio > vec4<f32>(0.4142135623730950);
  let t = select(ratio, (ratio - 1.0) / (ratio + 1.0), steep);
  let z = t * t;
  let series = ((8.05374449538e-2 * z - 1.38776856032e-1) * z + 1.99777106478e-1) * z - 3.33329491539e-1;
  // π/2 and π in two parts each, the second of which an f32 would lose.
  var turned = select(vec4<f32>(), vec4<f32>(0.7853981633974483), steep) + (series * z * t + t);
  turned = select(turned, 1.57079637050628662 - (turned + 4.37113900018624283e-8), height > width);
  let left = bitcast<vec4<u32>>(x) != width;
  turned = select(turned, 3.14159274101257324 - (turned + 8.74227800037248566e-8), left);
  let bits = bitcast<vec4<u32>>(turned) | sign;
  return bitcast<vec4<f32>>(select(bits, vec4<u32>(0x7fc00000u), longer > infinity));
}
