// Reduces a strided axis by whole workgroups: [outer, size, inner] → [outer, chunks, inner].
//
//              ◄── COLUMNS ──►
//   chunk 0    0  1  2 …         lanes: COLUMNS neighbouring columns (`elements`, one or four each),
//   (span      16 17 18 …        ROWS of them; one invocation takes every ROWS-th row of its column,
//    rows)     ↓  ↓  ↓           then the ROWS partial results of a column are halved until one is left
//
// One workgroup owns COLUMNS columns of one chunk. For GPUs: no walk is longer than span / ROWS, and
// neighbours load neighbouring elements. Per output: 4·span bytes read, 4 written, span operations;
// 4 bytes of workgroup memory an invocation and column, log2(ROWS) barriers. `inner` and `tiles` count
// columns of that kind, and COLUMNS of them.
struct Params {
  groups: u32,
  tiles: u32,
  chunks: u32,
  size: u32,
  span: u32,
  inner: u32,
  identity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> result: array<elements>;

const ROWS = WORKGROUP / COLUMNS;

var<workgroup> partials: array<elements, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  if (group >= params.groups) { return; }
  let block = group / params.tiles;
  let outer = block / params.chunks;
  let first = (block - outer * params.chunks) * params.span;
  let column = (group - block * params.tiles) * COLUMNS + lane % COLUMNS;
  let start = outer * params.size * params.inner + min(column, params.inner - 1u);
  let end = min(first + params.span, params.size);

  var value = elements(bitcast<scalar>(params.identity));
  var worst = words();
  for (var k = first + lane / COLUMNS; k < end; k += ROWS) {
    let next = values_at(start + k * params.inner);
    value = combine(value, next);
    worst = max(worst, magnitude(next));
  }

  var mine = marked(value, worst);
  partials[lane] = mine;
  for (var half = ROWS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half * COLUMNS) {
      mine = combine_marked(mine, partials[lane + half * COLUMNS]);
      partials[lane] = mine;
    }
  }
  if (lane < COLUMNS && column < params.inner) {
    let at = block * params.inner + column;
    result[at] = ended(at, mine);
  }
}
