// What parts of rows [rows, size] of logits are scaled by, the first of two passes over few long rows:
// (highest, sum of exp(x - highest), what that is above 1) of each part. Completes rows.wgsl.
//
// Lane 0 of a part writes it: 16 bytes.
@group(0) @binding(2) var<storage, read_write> scales: array<vec4<f32>>;

fn finish(at: Walk, held: Held, scale: Scale) {
  if (at.first == at.begin + (at.part - at.row * params.chunks) * params.span) {
    scales[at.part] = vec4<f32>(scale.top, scale.whole, scale.rest, 0.0);
  }
}
