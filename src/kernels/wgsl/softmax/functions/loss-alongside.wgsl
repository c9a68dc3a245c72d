// Losses that are stored with their gradients, by the lane of a row's first logit: 4 bytes written a row.
@group(0) @binding(4) var<storage, read_write> loss: array<f32>;

fn keep_loss(at: Walk, scale: Scale) {
  if (at.first == at.begin) { loss[at.row] = loss_of(at, scale); }
}
