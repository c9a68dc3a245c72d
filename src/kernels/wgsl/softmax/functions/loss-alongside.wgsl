// Losses that are stored with their gradients, by lane 0 of a row: 4 bytes written a row.
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;

fn keep_loss(row: u32, lane: u32, top: f32, rest: f32) {
  if ((lane & (LANES - 1u)) == 0u) { loss[row] = loss_of(row, top, rest); }
}
