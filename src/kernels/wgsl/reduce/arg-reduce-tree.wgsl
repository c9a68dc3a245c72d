// Where an axis has its highest or lowest element, the first of equals, by whole workgroups:
// [outer, size, inner] candidates → [outer, chunks, inner] places along the axis.
//
//              ◄── COLUMNS ──►
//   chunk 0    0  1  2 …         lanes: COLUMNS neighbouring columns, ROWS of them; one invocation
//   (span      16 17 18 …        takes every ROWS-th candidate of its column, then the ROWS best of a
//    rows)     ↓  ↓  ↓           column are halved until one is left
//
// One workgroup owns COLUMNS columns of one chunk. For GPUs: no walk is longer than span / ROWS, and
// neighbours load neighbouring elements. Per output: 4·span bytes read (twice that in a second pass),
// 4 written, 3·span operations; 8 bytes of workgroup memory an invocation, log2(ROWS) barriers.
//
// The file that completes it (functions/candidates-*.wgsl) says
//   candidate(k, at)    the place of candidate k along the axis; `at` is where it would be listed
struct Params {
  chunks: u32,
  tiles: u32,
  groups: u32,
  inner: u32,
  axis: u32,
  size: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<scalar>;
@group(0) @binding(2) var<storage, read_write> result: array<i32>;

const ROWS = WORKGROUP / COLUMNS;

var<workgroup> best_values: array<scalar, WORKGROUP>;
var<workgroup> best_places: array<u32, WORKGROUP>;

struct Found {
  value: scalar,
  place: u32,
}

fn first_of(a: Found, b: Found) -> Found {
  let wins = better(b.value, a.value) || (b.place < a.place && !better(a.value, b.value));
  return Found(select(a.value, b.value, wins), select(a.place, b.place, wins));
}

fn found(outer: u32, k: u32, column: u32) -> Found {
  let place = candidate(k, (outer * params.size + k) * params.inner + column);
  return Found(values[(outer * params.axis + place) * params.inner + column], place);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  if (group >= params.groups) { return; }
  let slab = group / params.tiles;
  let outer = slab / params.chunks;
  let begin = (slab - outer * params.chunks) * params.span;
  let end = min(begin + params.span, params.size);
  let wanted = (group - slab * params.tiles) * COLUMNS + lane % COLUMNS;
  let column = min(wanted, params.inner - 1u);

  // Lanes without a candidate repeat the last one.
  var best = found(outer, min(begin + lane / COLUMNS, end - 1u), column);
  for (var k = begin + lane / COLUMNS + ROWS; k < end; k += ROWS) {
    best = first_of(best, found(outer, k, column));
  }

  best_values[lane] = best.value;
  best_places[lane] = best.place;
  for (var half = ROWS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half * COLUMNS) {
      let other = lane + half * COLUMNS;
      best = first_of(best, Found(best_values[other], best_places[other]));
      best_values[lane] = best.value;
      best_places[lane] = best.place;
    }
  }
  if (lane < COLUMNS && wanted < params.inner) {
    result[slab * params.inner + column] = i32(best.place);
  }
}
