// What a row is scaled by, from that of its parts: [rows, parts] of (highest, sum, what that is above 1).
// Every workgroup of a row brings all of them together: 16 bytes read a part, from cache.
@group(0) @binding(SCALES) var<storage, read> scales: array<vec4<f32>>;

fn scale_of(at: Walk, held: Held, lane: u32, exists: bool) -> Scale {
  let first = at.row * params.seen;
  let own = lane & (LANES - 1u);
  var most = scales[first + min(own, params.seen - 1u)].x;
  for (var i = own; i < params.seen; i += LANES) { most = max(most, scales[first + i].x); }
  let top = row_highest(most, lane);

  var sum = 0.0;
  var others = 0.0;
  for (var i = own; i < params.seen; i += LANES) {
    let part = scales[first + i];
    let shrunk = exp(part.x - top);
    sum += part.y * shrunk;
    others += select(part.y * shrunk, part.z, part.x == top);
  }
  let whole = row_total(sum, lane);
  let rest = row_total(others, lane);
  // A row that is -∞ all through has no softmax; above 1.5, several are the highest or nearly so.
  let known = select(bitcast<f32>(params.nan), top, whole != 0.0);
  return Scale(known, whole, select(whole - 1.0, rest, whole < 1.5));
}
