// The (implicit) matmul for GPUs: tiles of both operands go through workgroup memory, and an
// invocation keeps blocks of 4 × 4 sums in registers.
//
//                   columns ──▶        b_tile: DEPTH × TILE_COLUMNS
//                                     ┌───────────────┬───────────────┐
//              a_tile:                └───────────────┴───────────────┘
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
// Loads: in a step of DEPTH an invocation brings one 4 × 4 block of `a` or of `b`, one step ahead:
// it stays in registers while the present step is computed. In the tiles rows (columns) are
// neighbours; of an operand whose neighbours lie along k (A_ALONG_K, B_ALONG_K) a block is turned
// in registers. Eight neighbouring lanes take two k blocks by four, which the PITCH, one vec4 more
// than a line, puts in different banks.
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
//   keep_sums(split, column, sums) sees the sums of four columns of `b` where COLUMN_SUMS
// So divisions are made once, and a step costs what it takes to carry from a filter tap or a line of
// pixels to the next. A reduction that is no multiple of DEPTH begins with what is left over, as if
// zeros stood before it (k[i] is negative there), so that all other steps are whole and those of a
// plain matmul take no tests.
//   PADDED    a block has zeros where `inside` is false and, unless both operands are aligned, behind
//             `reach` neighbours
//
// Indices of the tiles are written so that Tint can prove them inside: another form costs a clamp
// a load, a third of the speed. Loads ahead stand under no condition, or compilers wait for them.

const BLOCK_ROWS = 16u * ROW_BLOCKS;
const BLOCK_COLUMNS = 32u * COLUMN_BLOCKS;
const ACROSS = TILE_COLUMNS / BLOCK_COLUMNS;
const GROUP = 32u * ACROSS * (TILE_ROWS / BLOCK_ROWS);
const THREADS = GROUP * K_GROUPS;
const K_BLOCKS = DEPTH / 4u;
const A_BLOCKS = TILE_ROWS / 4u * K_BLOCKS;
const B_BLOCKS = TILE_COLUMNS / 4u * K_BLOCKS;
const A_PITCH = TILE_ROWS / 4u + 1u;
const B_PITCH = TILE_COLUMNS / 4u + 1u;
// Workgroups that run at the same time share operands in the cache: tiles are walked in bands of so
// many tile rows.
const BAND = 8u;
const FOUR = vec4<u32>(0u, 1u, 2u, 3u);
// What result_row() says of a row that is none of the output.
const NO_ROW = 0xffffffffu;
const A_SHIFT = 2u * A_VECTOR;
const B_SHIFT = 2u * B_VECTOR;
// Lanes that hand over their sums at a time.
const HALF = THREADS / 2u;

var<workgroup> a_tile: array<vec4<f32>, DEPTH * A_PITCH>;
var<workgroup> b_tile: array<vec4<f32>, DEPTH * B_PITCH>;
var<workgroup> partial: array<vec4<f32>, 4u * HALF * u32(K_GROUPS > 1u) + 1u>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let slab = tile / (params.rowTiles * params.columnTiles);
  let in_slab = tile - slab * params.rowTiles * params.columnTiles;
  let split = slab / params.batches;
  let batch = slab - split * params.batches;
  let band = in_slab / (BAND * params.columnTiles);
  let in_band = in_slab - band * BAND * params.columnTiles;
  let high = min(BAND, params.rowTiles - band * BAND);
  let first_row = (band * BAND + in_band % high) * TILE_ROWS;
  let first_column = in_band / high * TILE_COLUMNS;

  // What it loads: one block of the tile of `a` or of `b`.
  let loads_a = lane < A_BLOCKS;
  let load = select(lane % B_BLOCKS, lane % A_BLOCKS, loads_a);
  let turns = select(B_ALONG_K, A_ALONG_K, loads_a) == 1u;
  let block_k = load % 2u + load / 8u % (K_BLOCKS / 2u) * 2u;
  let block_outer = load / 2u % 4u + load / (4u * K_BLOCKS) * 4u;
  let whole = select(B_VECTOR, A_VECTOR, loads_a) == 1u && !turns;
  // Rows (columns) that do not exist repeat the last: what comes of them is not stored.
  let final_outer = select(params.columns, params.rows, loads_a) - 1u;
  let begin = select(first_column, first_row, loads_a) + 4u * block_outer;
  let outer = min(
    begin + select(vec4<u32>(), FOUR, turns),
    vec4<u32>(select(final_outer, final_outer & ~3u, whole)),
  );
  let exist = select(final_outer - outer.x, 3u, turns || whole);
  let k = 4u * block_k + select(FOUR, vec4<u32>(), turns);
  let k_apart = select(vec4<u32>(), FOUR, turns);

  let final_place = select(
    (arrayLength(&b) << (2u - B_SHIFT)) - 1u,
    (arrayLength(&a) << (2u - A_SHIFT)) - 1u,
    loads_a,
  );

  let walk = walk_of(batch);
  let start = split * params.reductionPerSplit;
  let length = max(min(start + params.reductionPerSplit, reduction_of(walk)), start) - start;
  // Where there is nothing to reduce, one step of zeros.
  var steps = max((length + DEPTH - 1u) / DEPTH, 1u);
  let lacking = steps * DEPTH - length;
  var source = places(loads_a, outer, vec4<i32>(start + k) - i32(lacking), walk);
  var ahead = begun(loaded(loads_a, source, exist, final_place), k, k_apart, lacking);

  let a_load = lane % A_BLOCKS;
  let b_load = lane % B_BLOCKS;
  let a_to = (a_load % 2u + a_load / 8u % (K_BLOCKS / 2u) * 2u) * (4u * A_PITCH)
    + a_load / 2u % 4u + a_load / (4u * K_BLOCKS) * 4u;
  let b_to = (b_load % 2u + b_load / 8u % (K_BLOCKS / 2u) * 2u) * (4u * B_PITCH)
    + b_load / 2u % 4u + b_load / (4u * K_BLOCKS) * 4u;

  // What it computes: its blocks of sums begin here.
  let part = lane % GROUP / 32u;
  let share = lane / GROUP * (DEPTH / K_GROUPS);
  let a_block = part / ACROSS * (BLOCK_ROWS / 4u) + lane / 8u % 4u;
  let b_block = part % ACROSS * (BLOCK_COLUMNS / 4u) + lane % 8u;
  let a_at = share * A_PITCH + a_block;
  let b_at = share * B_PITCH + b_block;
  var s00 = Block();
  var s01 = Block();
  var s10 = Block();
  var s11 = Block();
  // Of what it loads of `b`, four columns.
  var column_sums = vec4<f32>();

  loop {
    if (PADDED == 1u) { ahead = zeroed(ahead, source); }
    if (loads_a) {
      let block = turned(ahead, A_ALONG_K);
      a_tile[a_to] = block.x;
      a_tile[a_to + A_PITCH] = block.y;
      a_tile[a_to + 2u * A_PITCH] = block.z;
      a_tile[a_to + 3u * A_PITCH] = block.w;
    } else if (lane < A_BLOCKS + B_BLOCKS) {
      let block = turned(ahead, B_ALONG_K);
      b_tile[b_to] = block.x;
      b_tile[b_to + B_PITCH] = block.y;
      b_tile[b_to + 2u * B_PITCH] = block.z;
      b_tile[b_to + 3u * B_PITCH] = block.w;
      if (COLUMN_SUMS == 1u) { column_sums += (block.x + block.y) + (block.z + block.w); }
    }
    workgroupBarrier();

    steps -= 1u;
    // Behind the last step it reads on, for nothing.
    source = next(loads_a, source, walk);
    ahead = loaded(loads_a, source, exist, final_place);

    for (var i = 0u; i < K_BLOCKS / K_GROUPS; i++) {
      for (var j = 0u; j < 4u; j++) {
        let a0 = a_tile[i * (4u * A_PITCH) + a_at + j * A_PITCH];
        let b0 = b_tile[i * (4u * B_PITCH) + b_at + j * B_PITCH];
        s00 = added(s00, a0, b0);
        if (COLUMN_BLOCKS == 2u) {
          let b1 = b_tile[i * (4u * B_PITCH) + b_at + j * B_PITCH + 8u];
          s01 = added(s01, a0, b1);
        }
        if (ROW_BLOCKS == 2u) {
          let a1 = a_tile[i * (4u * A_PITCH) + a_at + j * A_PITCH + 4u];
          s10 = added(s10, a1, b0);
          if (COLUMN_BLOCKS == 2u) {
            let b1 = b_tile[i * (4u * B_PITCH) + b_at + j * B_PITCH + 8u];
            s11 = added(s11, a1, b1);
          }
        }
      }
    }
    workgroupBarrier();
    continuing { break if steps == 0u; }
  }

  if (K_GROUPS > 1u) {
    let group = lane / GROUP;
    for (var half = K_GROUPS / 2u; half > 0u; half /= 2u) {
      if (group >= half && group < 2u * half) {
        let to = lane - half * GROUP;
        partial[to] = s00.x;
        partial[to + HALF] = s00.y;
        partial[to + 2u * HALF] = s00.z;
        partial[to + 3u * HALF] = s00.w;
      }
      workgroupBarrier();
      if (group < half) {
        s00.x += partial[lane];
        s00.y += partial[lane + HALF];
        s00.z += partial[lane + 2u * HALF];
        s00.w += partial[lane + 3u * HALF];
      }
      workgroupBarrier();
    }
  }
  if (COLUMN_SUMS == 1u && first_row == 0u) {
    // Each line of b_tile holds the share of one of the K_BLOCKS lanes that load the same columns.
    if (!loads_a && lane < A_BLOCKS + B_BLOCKS) { b_tile[block_k * B_PITCH + block_outer] = column_sums; }
    workgroupBarrier();
    if (lane < TILE_COLUMNS / 4u) {
      var total = vec4<f32>();
      for (var i = 0u; i < K_BLOCKS; i++) { total += b_tile[i * B_PITCH + lane]; }
      keep_sums(split, first_column + 4u * lane, total);
    }
  }
  if (lane >= GROUP) { return; }

  let base = split * params.splitStride;
  let row = first_row + 4u * a_block;
  let column = first_column + 4u * b_block;
  put(base, batch, row, column, s00);
  if (COLUMN_BLOCKS == 2u) { put(base, batch, row, column + 32u, s01); }
  if (ROW_BLOCKS == 2u) { put(base, batch, row + 16u, column, s10); }
  if (ROW_BLOCKS + COLUMN_BLOCKS == 4u) { put(base, batch, row + 16u, column + 32u, s11); }
}

// Four times four neighbours in memory. Those behind `reach` do not exist and repeat the last. What
// places outside the operand give, those behind `final_place` too, is not used.
fn loaded(loads_a: bool, source: Places, exist: u32, final_place: u32) -> Block {
  let apart = min(FOUR, vec4<u32>(min(exist, source.reach)));
  let first = vec4<u32>(source.at);
  let known = min(first, vec4<u32>(final_place));
  var block: Block;
  if (loads_a) {
    let at = select(first, known, A_VECTOR == 1u);
    block.x = a_four(at.x, apart, final_place);
    block.y = a_four(at.y, apart, final_place);
    block.z = a_four(at.z, apart, final_place);
    block.w = a_four(at.w, apart, final_place);
  } else {
    let at = select(first, known, B_VECTOR == 1u);
    block.x = b_four(at.x, apart, final_place);
    block.y = b_four(at.y, apart, final_place);
    block.z = b_four(at.z, apart, final_place);
    block.w = b_four(at.w, apart, final_place);
  }
  return block;
}
fn a_four(at: u32, apart: vec4<u32>, final_place: u32) -> vec4<f32> {
  if (A_VECTOR == 1u) { return a_vector(at); }
  let i = min(at + apart, vec4<u32>(final_place));
  return vec4<f32>(a_element(i.x), a_element(i.y), a_element(i.z), a_element(i.w));
}
fn b_four(at: u32, apart: vec4<u32>, final_place: u32) -> vec4<f32> {
  if (B_VECTOR == 1u) { return b_vector(at); }
  let i = min(at + apart, vec4<u32>(final_place));
  return vec4<f32>(b_element(i.x), b_element(i.y), b_element(i.z), b_element(i.w));
}

// Without what is outside.
fn zeroed(block: Block, source: Places) -> Block {
  let none = vec4<f32>();
  let there = vec4<bool>(A_VECTOR + B_VECTOR == 2u) | (FOUR <= vec4<u32>(source.reach));
  return Block(
    select(none, block.x, there & vec4<bool>(source.inside.x)),
    select(none, block.y, there & vec4<bool>(source.inside.y)),
    select(none, block.z, there & vec4<bool>(source.inside.z)),
    select(none, block.w, there & vec4<bool>(source.inside.w)),
  );
}

// Without what is before the beginning.
fn begun(block: Block, k: vec4<u32>, k_apart: vec4<u32>, lacking: u32) -> Block {
  let none = vec4<f32>();
  let first = vec4<u32>(lacking);
  return Block(
    select(none, block.x, k.x + k_apart >= first),
    select(none, block.y, k.y + k_apart >= first),
    select(none, block.z, k.z + k_apart >= first),
    select(none, block.w, k.w + k_apart >= first),
  );
}

fn put(base: u32, batch: u32, row: u32, column: u32, sums: Block) {
  if (column >= params.columns) { return; }
  put_row(base, batch, row, column, sums.x);
  put_row(base, batch, row + 1u, column, sums.y);
  put_row(base, batch, row + 2u, column, sums.z);
  put_row(base, batch, row + 3u, column, sums.w);
}

// Stores those of four columns that exist.
fn put_row(base: u32, batch: u32, row: u32, column: u32, value: vec4<f32>) {
  if (row >= params.rows) { return; }
  let to = result_row(row, batch);
  if (to == NO_ROW) { return; }
  let at = base + to * params.columns + column;
  store(at, column, min(4u, params.columns - column), value);
}
