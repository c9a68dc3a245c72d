// Softmax cross-entropy of rows of logits [rows, size] with one label a row:
// loss = log Σ exp(x) - x[label]; a label that is no class gives NaN. Completes rows.wgsl.
//
// The lane of a row's first logit writes its loss: 4 bytes.
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;

fn finish(at: Walk, held: Held, scale: Scale) {
  if (at.first == at.begin) { loss[at.row] = loss_of(at, scale); }
}
