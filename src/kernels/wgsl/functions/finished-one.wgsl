// What is stored of the one result at `at`, where four neighbouring ones are not at hand.
fn finished_one(at: u32, value: f32) -> f32 {
  return finished(at / 4u, vec4<f32>(value))[at % 4u];
}
