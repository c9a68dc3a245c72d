// The sum over all splits, for the one invocation that has added it up alone.
fn of_splits(sum: vec4<f32>, lane: u32) -> vec4<f32> {
  return sum;
}
