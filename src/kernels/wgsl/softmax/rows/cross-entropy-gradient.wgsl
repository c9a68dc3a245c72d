// The gradient of softmax cross-entropy: softmax(x) - onehot(label), rows [rows, size] with one label
// a row; a label that is no class gives NaN. At the label it is minus the share of the others, which
// softmax(x) - 1 would lose where that is near 0. Completes rows.wgsl.
//
// One walk more. Per element: 4 bytes written, 1 exponential and 2 operations more. The losses
// themselves come along where they are wanted (functions/loss-*.wgsl).
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn finish(at: Walk, held: Held, scale: Scale) {
  keep_loss(at, scale);
  let label = u32(labels[at.row]);
  let known = label < params.size * params.width;
  let factor = select(bitcast<f32>(params.nan), 1.0, known) / scale.whole;
  for (var i = 0u; i < steps(at); i++) {
    if (is_there(at, i)) {
      let k = at.first + i * LANES;
      let x = logit(at, held, i);
      let own = share(k, x, scale.top) * factor;
      let top = elements(scale.top);
      let less = select(own - elements(1.0), elements(-factor * scale.rest), x == top);
      result[k] = ended(k, select(own, less, is_label(k - at.begin, label)));
    }
  }
}
