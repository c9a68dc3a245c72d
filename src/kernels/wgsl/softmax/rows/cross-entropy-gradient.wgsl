// The gradient of softmax cross-entropy: softmax(x) - onehot(label), rows [rows, size] with one label
// a row; a label that is no class gives NaN. At the label it is minus the share of the others, which
// softmax(x) - 1 would lose where that is near 0. Completes rows.wgsl.
//
// A third walk over the row, from cache. Per element: 4 bytes written, 1 exponential and 2
// operations more. The losses themselves come along where they are wanted (functions/loss-*.wgsl).
struct Params {
  rows: u32,
  size: u32,
  width: u32,
  nan: u32,
}

@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn keep(k: u32, share: elements, exists: bool) {}

fn finish(row: u32, lane: u32, top: f32, whole: f32, rest: f32) {
  keep_loss(row, lane, top, rest);
  let at = walk_of(row, lane);
  let label = u32(labels[row]);
  let known = label < params.size * params.width;
  let scale = select(bitcast<f32>(params.nan), 1.0, known) / whole;
  for (var k = at.first; k < at.end; k += LANES) {
    let logit = logits[k];
    let share = power(logit - elements(top)) * scale;
    let less = select(share - elements(1.0), elements(-scale * rest), logit == elements(top));
    result[k] = ended(k, select(share, less, is_label(k - at.begin, label)));
  }
}
