// Softmax cross-entropy of rows of logits [rows, size] with one label a row:
// loss = log Σ exp(x) - x[label]; a label that is no class gives NaN. Completes rows.wgsl.
//
// Lane 0 of a row writes its loss: 4 bytes.
struct Params {
  rows: u32,
  size: u32,
  width: u32,
  nan: u32,
}

@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;

fn keep(k: u32, share: elements, exists: bool) {}

fn finish(row: u32, lane: u32, top: f32, whole: f32, rest: f32) {
  if ((lane & (LANES - 1u)) == 0u) { loss[row] = loss_of(row, top, rest); }
}
