// The lanes of a value of one lane.
fn highest(value: elements) -> f32 {
  return value;
}

fn total(value: elements) -> f32 {
  return value;
}
