// The (implicit) matmul for GPUs whose cache is as near as their workgroup memory: an invocation reads
// both operands for itself, by vec4, and keeps blocks of 4 × 4 sums in registers.
//
//             BLOCK_COLUMNS
//           ┌───────────────┬───────────────┐
//           │ lanes 0…31    │ lanes 32…63   │  BLOCK_ROWS     one workgroup owns TILE_ROWS ×
//           ├───────────────┼───────────────┤                 TILE_COLUMNS outputs, 32 lanes stand
//           │ 64…           │ 96…           │                 8 abreast and 4 deep, as in blocked.wgsl
//           └───────────────┴───────────────┘
//
//   one invocation, four k at a time:
//                           ┌───┐ ┌───┐ b: COLUMN_BLOCKS blocks of 4 k × 4 columns,
//                           └───┘ └───┘    32 columns apart
//        a: ROW_BLOCKS blocks
//        of 4 rows × 4 k,   ┌───┐ ┌───┐
//        16 rows apart      │s00│ │s01│    64 multiply-adds a block of sums
//               ┌───┐       └───┘ └───┘
//               └───┘       ┌───┐ ┌───┐
//               ┌───┐       │s10│ │s11│
//               └───┘       └───┘ └───┘
//
// Of 32 lanes, the 8 abreast read neighbours in `b` and share what they read of `a`. Per output and k:
// 4/(4 · ROW_BLOCKS) + 4/(4 · COLUMN_BLOCKS) bytes from the cache, 2 operations, no barrier.
//
// Operands are found by the function files that blocked.wgsl tells of, with DEPTH = 4.

const BLOCK_ROWS = 16u * ROW_BLOCKS;
const BLOCK_COLUMNS = 32u * COLUMN_BLOCKS;
const ACROSS = TILE_COLUMNS / BLOCK_COLUMNS;
const THREADS = 32u * ACROSS * (TILE_ROWS / BLOCK_ROWS);

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let part = lane / 32u;
  let a_block = part / ACROSS * (BLOCK_ROWS / 4u) + lane / 8u % 4u;
  let b_block = part % ACROSS * (BLOCK_COLUMNS / 4u) + lane % 8u;
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let place = place_of(tile);
  let walk = walk_of(place.batch);
  let share = share_of(place.split, walk);
  var a0 = first_load(true, a_block, 0u, place.row, share, walk);
  var b0 = first_load(false, b_block, 0u, place.column, share, walk);
  var a1 = a0;
  var b1 = b0;
  if (ROW_BLOCKS == 2u) { a1 = first_load(true, a_block + 4u, 0u, place.row, share, walk); }
  if (COLUMN_BLOCKS == 2u) { b1 = first_load(false, b_block + 8u, 0u, place.column, share, walk); }
  var s00 = Block();
  var s01 = Block();
  var s10 = Block();
  var s11 = Block();
  var sums0 = vec4<f32>();
  var sums1 = vec4<f32>();

  var steps = share.steps;
  loop {
    let left0 = turned(zeroed(a0), A_ALONG_K);
    let right0 = turned(zeroed(b0), B_ALONG_K);
    s00 = multiplied(s00, left0, right0);
    if (COLUMN_SUMS == 1u) { sums0 += (right0.x + right0.y) + (right0.z + right0.w); }
    if (COLUMN_BLOCKS == 2u) {
      let right1 = turned(zeroed(b1), B_ALONG_K);
      s01 = multiplied(s01, left0, right1);
      if (COLUMN_SUMS == 1u) { sums1 += (right1.x + right1.y) + (right1.z + right1.w); }
    }
    if (ROW_BLOCKS == 2u) {
      let left1 = turned(zeroed(a1), A_ALONG_K);
      s10 = multiplied(s10, left1, right0);
      if (COLUMN_BLOCKS == 2u) { s11 = multiplied(s11, left1, turned(zeroed(b1), B_ALONG_K)); }
    }
    steps -= 1u;
    if (steps == 0u) { break; }
    a0 = next_load(a0, walk);
    b0 = next_load(b0, walk);
    if (ROW_BLOCKS == 2u) { a1 = next_load(a1, walk); }
    if (COLUMN_BLOCKS == 2u) { b1 = next_load(b1, walk); }
  }

  let row = place.row + 4u * a_block;
  let column = place.column + 4u * b_block;
  if (COLUMN_SUMS == 1u && row == 0u) {
    keep_sums(place.split, column, sums0);
    if (COLUMN_BLOCKS == 2u) { keep_sums(place.split, column + 32u, sums1); }
  }
  let base = place.split * params.splitStride;
  put(base, place.batch, row, column, s00);
  if (COLUMN_BLOCKS == 2u) { put(base, place.batch, row, column + 32u, s01); }
  if (ROW_BLOCKS == 2u) { put(base, place.batch, row + 16u, column, s10); }
  if (ROW_BLOCKS + COLUMN_BLOCKS == 4u) { put(base, place.batch, row + 16u, column + 32u, s11); }
}

// With the products of four k.
fn multiplied(sums: Block, left: Block, right: Block) -> Block {
  let first = added(added(sums, left.x, right.x), left.y, right.y);
  return added(added(first, left.z, right.z), left.w, right.w);
}
