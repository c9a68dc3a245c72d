// Softmax, or its logarithm (LOG), along the last axis of [rows, size]; completes rows.wgsl.
// A third walk over the row, from cache. Per element: 4 bytes written and 2 operations more.
struct Params {
  rows: u32,
  size: u32,
}

@group(0) @binding(2) var<storage, read_write> result: array<elements>;

// Exponentials are dear: they are kept in the result until their sum is known.
fn keep(k: u32, share: elements, exists: bool) {
  if (LOG == 0u && exists) { result[k] = share; }
}

fn finish(row: u32, lane: u32, top: f32, whole: f32, rest: f32) {
  let at = walk_of(row, lane);
  if (LOG == 1u) {
    let shift = logarithm_one_plus(vec4<f32>(rest)).x;
    for (var k = at.first; k < at.end; k += LANES) {
      result[k] = logits[k] - elements(top) - elements(shift);
    }
  } else {
    let scale = 1.0 / whole;
    for (var k = at.first; k < at.end; k += LANES) { result[k] *= scale; }
  }
}
