// The best of the places that the chunks of arg-reduce came to: [outer, chunks, inner] of indices
// into the axis of [outer, size, inner] → [outer, inner].
//
//   places  7 2 9       one invocation owns one output and looks its candidates up; of equal
//   values  5 8 8  → 2  ones the first along the axis counts
//
// Per output: 8·chunks bytes read, 4 written, 4·chunks operations.
// Completes each.wgsl.
struct Params {
  count: u32,
  chunks: u32,
  size: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<scalar>;
@group(0) @binding(2) var<storage, read> places: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<i32>;

fn compute(i: u32) {
  let outer = i / params.inner;
  let column = i - outer * params.inner;
  let start = outer * params.size * params.inner + column;

  var at = outer * params.chunks * params.inner + column;
  var index = places[at];
  var best = values[start + u32(index) * params.inner];
  for (var k = 1u; k < params.chunks; k++) {
    at += params.inner;
    let place = places[at];
    let next = values[start + u32(place) * params.inner];
    let wins = better(next, best) || (place < index && !better(best, next));
    best = select(best, next, wins);
    index = select(index, place, wins);
  }
  result[i] = index;
}
