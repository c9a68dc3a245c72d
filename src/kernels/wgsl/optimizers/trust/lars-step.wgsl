// LARS' step: momentum takes in slopes times trustCoefficient · ‖weights‖ / (‖grad‖ + weightDecay · ‖weights‖),
// of the variable that they belong to.
@group(0) @binding(3) var<storage, read_write> velocity: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let ratio = trust_ratio(i);
  let local = params.trustCoefficient * ratio / (1.0 + params.weightDecay * ratio);
  let trust = select(1.0, local, params.adapts * ratio > 0.0);
  let slope = trust * (grad + params.weightDecay * weight);
  let speed = flushed(params.momentum * velocity[i] + slope);
  velocity[i] = speed;
  let step = select(speed, slope + params.momentum * speed, NESTEROV == 1u);
  return weight - params.lr * step;
}
