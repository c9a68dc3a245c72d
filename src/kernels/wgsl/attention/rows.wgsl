// The frame of fused attention and its gradients: weights of rows by rows, [rows × walked] for each
// batch, which are never in memory, times rows that are carried over to the result.
//
//                 walked rows ──▶   4 at a time
//                 ┌──────────────┬───┬─────────┐
//    own rows     │              │ 4 │         │      weights: from the products of rows of `own` and of
//      │  ┌────┐  │        ROWS  │ w │         │      `walked`, in registers
//      ▼  │own │  │              └───┘         │
//         └────┘  └────────────────────────────┘      result row += Σ weight · carried row
//
// One invocation owns ROWS rows of the result of one batch: 4 on CPUs, which share what they load, 1 on
// GPUs. The invocations of a workgroup walk along the same rows at the same time, so that the cache serves
// what each of them loads. Rows are whole vec4s. Per weight: 2·(width + sumWidth) operations, and
// 4·(width + sumWidth)/ROWS bytes read that lie in the cache.
//
// Files in rows/ say what a weight is:
//   begin()                         before the first
//   weigh(tile, start, products)    of each own row by the four walked rows from `start`
//   finished_by(tile, r)            what a row of the result is multiplied by in the end
// and files in functions/ where own rows and sums are kept, what is carried over, and what a mask adds.
struct Params {
  groups: u32, groupsPerBatch: u32,
  rows: u32, walked: u32,
  width: u32, otherWidth: u32, sumWidth: u32,
  scale: f32,
  maskDivide: u32, maskModulo: u32, maskBatch: u32, maskOwn: u32, maskWalked: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> own: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> walked: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;

const FOUR = vec4<u32>(0u, 1u, 2u, 3u);
// The score of what is masked; that of nothing computed is as low.
const LOWEST = -0x1.fffffep127;

// ROWS rows of a batch. Those beyond the last repeat it, and are not stored.
struct Tile {
  batch: u32,
  first: u32,
}

// Of ROWS own rows four numbers each: for each of four walked rows.
alias Fours = array<vec4<f32>, ROWS>;

fn exists(tile: Tile, r: u32) -> bool { return tile.first + r < params.rows; }

fn own_row(tile: Tile, r: u32) -> u32 {
  return tile.batch * params.rows + min(tile.first + r, params.rows - 1u);
}

fn walked_rows(tile: Tile, start: u32) -> vec4<u32> {
  return tile.batch * params.walked + min(start + FOUR, vec4<u32>(params.walked - 1u));
}

// The sums of the lanes of four vec4s.
fn totals(a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, d: vec4<f32>) -> vec4<f32> {
  let ab = vec4<f32>(a.xy, b.xy) + vec4<f32>(a.zw, b.zw);
  let cd = vec4<f32>(c.xy, d.xy) + vec4<f32>(c.zw, d.zw);
  return vec4<f32>(ab.xz, cd.xz) + vec4<f32>(ab.yw, cd.yw);
}

// The products of own rows with four walked rows, two of them at a time.
fn products_with(tile: Tile, rows: vec4<u32>) -> Fours {
  var sums: array<array<vec4<f32>, 4>, ROWS>;
  let at = rows * params.width;
  for (var half = 0u; half < 4u; half += 2u) {
    for (var c = 0u; c < width(); c++) {
      let x = walked[at[half] + c];
      let y = walked[at[half + 1u] + c];
      for (var r = 0u; r < ROWS; r++) {
        let mine = own_part(tile, r, c);
        sums[r][half] += mine * x;
        sums[r][half + 1u] += mine * y;
      }
    }
  }
  var products: Fours;
  for (var r = 0u; r < ROWS; r++) {
    products[r] = totals(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
  }
  return products;
}

// What the softmax is of: products by `scale`, with what the mask adds, LOWEST for what is not looked at.
fn score(tile: Tile, r: u32, start: u32, product: vec4<f32>) -> vec4<f32> {
  let row = min(tile.first + r, params.rows - 1u);
  let other = start + FOUR;
  let sum = product * params.scale + added(tile, row, min(other, vec4<u32>(params.walked - 1u)));
  var open = other < vec4<u32>(params.walked);
  if (CAUSAL == 1u) { open = open & (other <= vec4<u32>(row)); }
  if (CAUSAL == 2u) { open = open & (other >= vec4<u32>(row)); }
  return select(vec4<f32>(LOWEST), sum, open);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let batch = group / params.groupsPerBatch;
  let first_of_group = (group - batch * params.groupsPerBatch) * WORKGROUP * ROWS;
  let tile = Tile(batch, first_of_group + lane * ROWS);
  if (group >= params.groups || tile.first >= params.rows) { return; }
  take_own(tile);
  begin();
  clear_sums(tile);
  // Of what is causal the whole workgroup walks along the same rows, masked or not; a CPU as few as it can.
  let begins = select(first_of_group, tile.first, ROWS > 1u) & ~3u;
  let ends = select(first_of_group + WORKGROUP * ROWS, tile.first + ROWS, ROWS > 1u);
  let end = select(params.walked, min(params.walked, ends), CAUSAL == 1u);
  for (var start = select(0u, begins, CAUSAL == 2u); start < end; start += 4u) {
    let rows = walked_rows(tile, start);
    let weights = weigh(tile, start, products_with(tile, rows));
    let at = rows * params.sumWidth;
    for (var c = 0u; c < sum_width(); c++) {
      let x = carried(at.x + c);
      let y = carried(at.y + c);
      let z = carried(at.z + c);
      let w = carried(at.w + c);
      for (var r = 0u; r < ROWS; r++) {
        let mine = weights[r];
        add_to_sum(tile, r, c, mine.x * x + mine.y * y + mine.z * z + mine.w * w);
      }
    }
  }
  for (var r = 0u; r < ROWS; r++) {
    if (exists(tile, r)) { store_sums(tile, r, finished_by(tile, r)); }
  }
}
