// Chooses the first few elements in order of parts of rows: rows of `size` → the first KEPT keys of every
// `span` of them in order, equal ones as they were, and where they were in the row.
//
//   row    5 1 3 9 │ 2 7 …     one invocation owns a part and keeps the first 4 · QUADS keys that it has
//   first  1 3                 seen in registers, in order: one that goes before the last of them moves
//   place  1 2                 those behind it on, four at a time
//
// Per element: 4 bytes read and a comparison, a quarter of a vec4's; 8 · QUADS operations on vec4s for one
// that is kept, of n in any order KEPT · ln(n / KEPT).
// Completes each.wgsl.
//
// The files that complete it say
//   keys_at(row, k)              of four neighbouring elements of a row (functions/keys-*.wgsl)
//   place_at(row, k)             where one of them was
//   keep(row, at, key, place)    where what is chosen goes (functions/keep-*.wgsl)
struct Params {
  count: u32,
  parts: u32,
  span: u32,
  size: u32,
  inner: u32,
  length: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

const QUADS = (KEPT + 3u) / 4u;
const LAST = 0xffffffffu;

fn compute(i: u32) {
  let row = i / params.parts;
  let part = i - row * params.parts;
  let begin = part * params.span;
  let end = min(begin + params.span, params.size);

  var keys: array<vec4<u32>, QUADS>;
  var places: array<vec4<u32>, QUADS>;
  for (var q = 0u; q < QUADS; q++) { keys[q] = vec4<u32>(LAST); }
  var bar = LAST;
  for (var k = begin; k < end; k += 4u) {
    let index = vec4<u32>(k) + vec4<u32>(0u, 1u, 2u, 3u);
    let four = select(vec4<u32>(LAST), keys_at(row, k), index < vec4<u32>(end));
    if (!any(four < vec4<u32>(bar))) { continue; }
    for (var lane = 0u; lane < 4u; lane++) {
      let key = four[lane];
      if (key >= bar) { continue; }
      let own = vec4<u32>(place_at(row, k + lane));
      // Each place takes the key, or its neighbour's, or stays as it is.
      var neighbour = 0u;
      var neighbour_place = 0u;
      for (var q = 0u; q < QUADS; q++) {
        let was = keys[q];
        let was_at = places[q];
        let before = vec4<u32>(neighbour, was.xyz);
        keys[q] = min(was, max(before, vec4<u32>(key)));
        let moved = select(own, vec4<u32>(neighbour_place, was_at.xyz), before > vec4<u32>(key));
        places[q] = select(was_at, moved, was > vec4<u32>(key));
        neighbour = was.w;
        neighbour_place = was_at.w;
      }
      bar = keys[(KEPT - 1u) / 4u][(KEPT - 1u) % 4u];
    }
  }

  let first = part * KEPT;
  var found = 0u;
  for (var at = 0u; at < 4u * QUADS; at++) {
    let key = keys[at / 4u][at % 4u];
    if (at < KEPT && key < LAST) {
      keep(row, first + at, key, places[at / 4u][at % 4u]);
      found = at + 1u;
    }
  }
  // Keys that nothing goes behind are as good as none until here: the first of them fill what is left.
  for (var k = begin; k < end && found < KEPT; k++) {
    if (keys_at(row, k).x == LAST) {
      keep(row, first + found, LAST, place_at(row, k));
      found++;
    }
  }
}
