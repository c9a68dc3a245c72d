// Softmax, or its logarithm (LOG), along the last axis of [rows, size]; completes rows.wgsl.
// One walk more. Per element: 4 bytes written and 2 operations more.
@group(0) @binding(2) var<storage, read_write> result: array<elements>;

fn finish(at: Walk, held: Held, scale: Scale) {
  let shift = select(0.0, logarithm_one_plus(vec4<f32>(scale.rest)).x, LOG == 1u);
  let factor = 1.0 / scale.whole;
  for (var i = 0u; i < steps(at); i++) {
    if (is_there(at, i)) {
      let k = at.first + i * LANES;
      if (LOG == 1u) {
        result[k] = logit(at, held, i) - elements(scale.top) - elements(shift);
      } else {
        result[k] = share(k, logit(at, held, i), scale.top) * factor;
      }
    }
  }
}
