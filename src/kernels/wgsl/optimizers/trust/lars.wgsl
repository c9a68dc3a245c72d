// LARS: 9 operations an element, 11 with NESTEROV. lars-direction.wgsl says which norms lars-step.wgsl
// goes by; where `adapts` is 0 they have no say.
struct Params {
  vectors: u32,
  lr: f32,
  momentum: f32,
  trustCoefficient: f32,
  weightDecay: f32,
  adapts: f32,
  clipValue: f32,
}
