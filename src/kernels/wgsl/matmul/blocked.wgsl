// The (implicit) matmul for GPUs: tiles of both operands go through workgroup memory, and an
// invocation keeps blocks of 4 × 4 sums in registers.
//
//                   columns ──▶        tile of b: DEPTH × TILE_COLUMNS
//                                     ┌───────────────┬───────────────┐
//              tile of a:             └───────────────┴───────────────┘
//   rows      TILE_ROWS × DEPTH        BLOCK_COLUMNS
//    │        ┌────┐                  ┌───────────────┬───────────────┐
//    ▼        │    │                  │ lanes 0…31    │ lanes 32…63   │  BLOCK_ROWS
//             │    │                  ├───────────────┼───────────────┤
//             │    │                  │ 64…           │ 96…           │
//             └────┘                  └───────────────┴───────────────┘
//
// One workgroup owns TILE_ROWS × TILE_COLUMNS outputs, 32 lanes BLOCK_ROWS × BLOCK_COLUMNS of them:
// they stand 8 abreast and 4 deep, and one owns ROW_BLOCKS × COLUMN_BLOCKS blocks of 4 × 4, 16 rows
// and 32 columns apart (x = lane % 8, y = lane / 8 % 4):
//
//             32 columns        32 columns
//           ┌─────────────────┬─────────────────┐
//   16 rows │ (4y, 4x)        │ (4y, 32 + 4x)   │     each four vec4 of neighbouring columns
//           ├─────────────────┼─────────────────┤
//   16 rows │ (16 + 4y, 4x)   │ (16 + 4y, …)    │
//           └─────────────────┴─────────────────┘
//
// The vec4 that 32 lanes read of a tile at a time lie side by side, no two words in one bank. With
// 8 × 8 sums a k costs an invocation 4 vec4 of workgroup memory and 64 multiply-adds. Per output
// and k: 4/TILE_ROWS + 4/TILE_COLUMNS bytes of storage and 1 of workgroup memory, 2 operations.
//
// K_GROUPS > 1, for small outputs: so many times the lanes, each group of them takes its share of
// the k of a step, and at the end their sums are added in pairs.
//
// Loads: in a step of DEPTH an invocation brings one 4 × 4 block of `a` or of `b`, or where there are
// fewer invocations than blocks (LOADS_BOTH) one of each, whose addresses have much in common. That is
// one step ahead: they stay in registers while the present step is computed (`functions/blocked/loads.wgsl`).
// In the tiles rows (columns) are neighbours; of an operand whose neighbours lie along k (A_ALONG_K,
// B_ALONG_K) a block is turned in registers. Eight neighbouring lanes take two k blocks by four, which
// the PITCH, one vec4 more than a line, puts in different banks.
//
// What is at a place of an operand is told by a function file for each, by its dtype (`functions/a-f32.wgsl`
// and so on), and where the operands lie by another (`functions/*blocks.wgsl`), which declares
// `params` and
//   struct Walk                    what is the same for all steps and invocations of a workgroup
//   struct Places                  with at, inside and reach, and whatever next() needs:
//                                  element i of a block and three neighbours in memory are at at[i],
//                                  in vec4s where A_VECTOR (B_VECTOR) says that all are aligned
//   walk_of(batch) -> Walk
//   reduction_of(walk)             how long the reduction is
//   places(loads_a, outer, k, walk) -> Places    of elements (outer[i], k[i]) of `a` or of `b`
//   next(loads_a, places, walk) -> Places        DEPTH further along the reduction
//   result_row(row, batch)         which row of the output a row is, or NO_ROW
//   keep_sums(split, column, sums) sees the sums of four columns of `b` where COLUMN_SUMS; it has no
//                                  padding then
// So divisions are made once, and a step costs what it takes to carry from a filter tap or a line of
// pixels to the next. A reduction that is no multiple of DEPTH begins with what is left over, as if
// zeros stood before it (k[i] is negative there), so that all other steps are whole and those of a
// plain matmul take no tests.
//   PADDED    a block has zeros where `inside` is false and, unless both operands are aligned, behind
//             `reach` neighbours
//
// Indices of the tiles are written so that Tint can prove them inside: another form costs a clamp
// a load, a third of the speed. Loads ahead stand under no condition, or compilers wait for them, and
// are stored before the loop can end, or compilers load only where it goes on.

const BLOCK_ROWS = 16u * ROW_BLOCKS;
const BLOCK_COLUMNS = 32u * COLUMN_BLOCKS;
const ACROSS = TILE_COLUMNS / BLOCK_COLUMNS;
const GROUP = 32u * ACROSS * (TILE_ROWS / BLOCK_ROWS);
const THREADS = GROUP * K_GROUPS;
const K_BLOCKS = DEPTH / 4u;
const A_BLOCKS = TILE_ROWS / 4u * K_BLOCKS;
const B_BLOCKS = TILE_COLUMNS / 4u * K_BLOCKS;
const LOADS_BOTH = A_BLOCKS + B_BLOCKS > THREADS;
// The first lane that brings a block of `b`.
const LOADS_B_FROM = select(A_BLOCKS, 0u, LOADS_BOTH);
const A_PITCH = TILE_ROWS / 4u + 1u;
const B_PITCH = TILE_COLUMNS / 4u + 1u;
// The tile of `b` lies behind that of `a`.
const B_TILE = DEPTH * A_PITCH;
const TILES = DEPTH * (A_PITCH + B_PITCH);
// Lanes that hand over their sums at a time, through the memory of the tiles.
const HALF = THREADS / 2u;

var<workgroup> tiles: array<vec4<f32>, TILES>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let place = place_of(tile);
  let walk = walk_of(place.batch);
  let share = share_of(place.split, walk);
  // One operand's, and the other's where it brings both.
  let loads_a = LOADS_BOTH || lane < A_BLOCKS;
  let first = select(place.column, place.row, loads_a);
  var one = brought(loads_a, lane, first, share, walk);
  var other = one;
  if (LOADS_BOTH) { other = brought(false, lane, place.column, share, walk); }
  keep(one, other, lane);
  workgroupBarrier();

  // What it computes: its blocks of sums begin here.
  let part = lane % GROUP / 32u;
  let own_k = lane / GROUP * (DEPTH / K_GROUPS);
  let a_block = part / ACROSS * (BLOCK_ROWS / 4u) + lane / 8u % 4u;
  let b_block = part % ACROSS * (BLOCK_COLUMNS / 4u) + lane % 8u;
  let a_at = own_k * A_PITCH + a_block;
  let b_at = own_k * B_PITCH + b_block;
  var s00 = Block();
  var s01 = Block();
  var s10 = Block();
  var s11 = Block();
  // Of what it loads of `b`, four columns.
  var column_sums = vec4<f32>();

  var steps = share.steps;
  loop {
    if (COLUMN_SUMS == 1u) {
      let block = turned(other.block, B_ALONG_K);
      column_sums += (block.x + block.y) + (block.z + block.w);
    }
    steps -= 1u;
    // Behind the last step it reads on, and stores that, for nothing.
    one = next_load(one, walk);
    if (LOADS_BOTH) { other = next_load(other, walk); } else { other = one; }

    for (var i = 0u; i < K_BLOCKS / K_GROUPS; i++) {
      for (var j = 0u; j < 4u; j++) {
        let a0 = tiles[i * (4u * A_PITCH) + a_at + j * A_PITCH];
        let b0 = tiles[B_TILE + i * (4u * B_PITCH) + b_at + j * B_PITCH];
        s00 = added(s00, a0, b0);
        if (COLUMN_BLOCKS == 2u) {
          let b1 = tiles[B_TILE + i * (4u * B_PITCH) + b_at + j * B_PITCH + 8u];
          s01 = added(s01, a0, b1);
        }
        if (ROW_BLOCKS == 2u) {
          let a1 = tiles[i * (4u * A_PITCH) + a_at + j * A_PITCH + 4u];
          s10 = added(s10, a1, b0);
          if (COLUMN_BLOCKS == 2u) {
            let b1 = tiles[B_TILE + i * (4u * B_PITCH) + b_at + j * B_PITCH + 8u];
            s11 = added(s11, a1, b1);
          }
        }
      }
    }
    workgroupBarrier();
    keep(one, other, lane);
    workgroupBarrier();
    continuing { break if steps == 0u; }
  }

  if (K_GROUPS > 1u) {
    s00 = over_groups(s00, lane);
    if (COLUMN_BLOCKS == 2u) { s01 = over_groups(s01, lane); }
    if (ROW_BLOCKS == 2u) { s10 = over_groups(s10, lane); }
    if (ROW_BLOCKS + COLUMN_BLOCKS == 4u) { s11 = over_groups(s11, lane); }
  }
  if (COLUMN_SUMS == 1u && place.row == 0u) {
    // Each line holds the share of one of the K_BLOCKS lanes that load the same columns.
    let number = lane - LOADS_B_FROM;
    let load = number % B_BLOCKS;
    if (number < B_BLOCKS) {
      tiles[(load % 2u + load / 8u % (K_BLOCKS / 2u) * 2u) * B_PITCH
        + load / 2u % 4u + load / (4u * K_BLOCKS) * 4u] = column_sums;
    }
    workgroupBarrier();
    if (lane < TILE_COLUMNS / 4u) {
      var total = vec4<f32>();
      for (var i = 0u; i < K_BLOCKS; i++) { total += tiles[i * B_PITCH + lane]; }
      keep_sums(place.split, place.column + 4u * lane, total);
    }
  }
  if (lane >= GROUP) { return; }

  let base = place.split * params.splitStride;
  let row = place.row + 4u * a_block;
  let column = place.column + 4u * b_block;
  put(base, place.batch, row, column, s00);
  if (COLUMN_BLOCKS == 2u) { put(base, place.batch, row, column + 32u, s01); }
  if (ROW_BLOCKS == 2u) { put(base, place.batch, row + 16u, column, s10); }
  if (ROW_BLOCKS + COLUMN_BLOCKS == 4u) { put(base, place.batch, row + 16u, column + 32u, s11); }
}

// What a lane brings of `a` or of `b` in the first step.
fn brought(of_a: bool, lane: u32, first: u32, share: Share, walk: Walk) -> Load {
  let load = select((lane - LOADS_B_FROM) % B_BLOCKS, lane % A_BLOCKS, of_a);
  let block_k = load % 2u + load / 8u % (K_BLOCKS / 2u) * 2u;
  let block_outer = load / 2u % 4u + load / (4u * K_BLOCKS) * 4u;
  return first_load(of_a, block_outer, block_k, first, share, walk);
}

// Puts what a lane has brought into the tiles.
fn keep(one: Load, other: Load, lane: u32) {
  let number = lane - LOADS_B_FROM;
  let a_load = lane % A_BLOCKS;
  let b_load = number % B_BLOCKS;
  let a_to = (a_load % 2u + a_load / 8u % (K_BLOCKS / 2u) * 2u) * (4u * A_PITCH)
    + a_load / 2u % 4u + a_load / (4u * K_BLOCKS) * 4u;
  let b_to = (b_load % 2u + b_load / 8u % (K_BLOCKS / 2u) * 2u) * (4u * B_PITCH)
    + b_load / 2u % 4u + b_load / (4u * K_BLOCKS) * 4u;
  let of_one = zeroed(one);
  if (LOADS_BOTH || lane < A_BLOCKS) {
    let block = turned(of_one, A_ALONG_K);
    tiles[a_to] = block.x;
    tiles[a_to + A_PITCH] = block.y;
    tiles[a_to + 2u * A_PITCH] = block.z;
    tiles[a_to + 3u * A_PITCH] = block.w;
  }
  if (LOADS_BOTH || number < B_BLOCKS) {
    var block = of_one;
    if (LOADS_BOTH) { block = zeroed(other); }
    block = turned(block, B_ALONG_K);
    tiles[B_TILE + b_to] = block.x;
    tiles[B_TILE + b_to + B_PITCH] = block.y;
    tiles[B_TILE + b_to + 2u * B_PITCH] = block.z;
    tiles[B_TILE + b_to + 3u * B_PITCH] = block.w;
  }
}

// Sums of all groups, in those of the first: half of those left hand theirs to the other half.
fn over_groups(sums: Block, lane: u32) -> Block {
  let group = lane / GROUP;
  var all = sums;
  for (var half = K_GROUPS / 2u; half > 0u; half /= 2u) {
    if (group >= half && group < 2u * half) {
      let to = lane - half * GROUP;
      tiles[to] = all.x;
      tiles[to + HALF] = all.y;
      tiles[to + 2u * HALF] = all.z;
      tiles[to + 3u * HALF] = all.w;
    }
    workgroupBarrier();
    if (group < half) {
      all.x += tiles[lane];
      all.y += tiles[lane + HALF];
      all.z += tiles[lane + 2u * HALF];
      all.w += tiles[lane + 3u * HALF];
    }
    workgroupBarrier();
  }
  return all;
}
