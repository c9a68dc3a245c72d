// RMSprop's step: the gradient in units of its root mean square.
fn displacement(i: u32, grad: vec4<f32>, square: vec4<f32>) -> vec4<f32> {
  return grad / (sqrt(square) + params.epsilon);
}
