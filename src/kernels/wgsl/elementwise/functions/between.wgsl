// A share w of the way from a to b: exactly either end for 0 and 1, whatever the other end is. Where the way is
// no finite number, as beside an infinity, it is the sum of both ends by their weights.
fn between(a: vec4<f32>, b: vec4<f32>, w: vec4<f32>) -> vec4<f32> {
  let one = vec4<f32>(1.0);
  let none = vec4<f32>();
  let way = b - a;
  // From the nearer end, so that both are met.
  let walked = select(b - way * (one - w), a + way * w, w < vec4<f32>(0.5));
  let weighed = select(a * (one - w), none, w == one) + select(b * w, none, w == none);
  let size = bitcast<vec4<u32>>(way) & vec4<u32>(0x7fffffffu);
  return select(weighed, walked, size < vec4<u32>(0x7f800000u));
}
