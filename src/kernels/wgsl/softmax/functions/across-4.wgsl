// The four lanes of a vec4 brought together.
fn highest(value: elements) -> f32 {
  let two = max(value.xy, value.zw);
  return max(two.x, two.y);
}

fn total(value: elements) -> f32 {
  let two = value.xy + value.zw;
  return two.x + two.y;
}
