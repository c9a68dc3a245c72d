// The loss scale after a step, in place: half of it where the step is skipped, twice as much after
// growthInterval good steps in a row, always between 1 and 2^126.
//
//   state   [scale, good steps]
//   factor  [what the gradients are multiplied by, 0 where one of them is infinite or NaN]
//
// One invocation owns it all. 12 bytes read, 8 written.
struct Params {
  growthInterval: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> state: array<f32>;
@group(0) @binding(2) var<storage, read> factor: array<f32>;

const MOST = 8.507059173023462e37;

@compute @workgroup_size(1)
fn main() {
  let scale = state[0];
  if (factor[0] == 0.0) {
    state[0] = max(scale * 0.5, 1.0);
    state[1] = 0.0;
    return;
  }
  let good = state[1] + 1.0;
  let grows = good >= params.growthInterval;
  state[0] = select(scale, min(scale * 2.0, MOST), grows);
  state[1] = select(good, 0.0, grows);
}
