// How an invocation brings blocks of 4 × 4 elements of both operands, for matmul/blocked.wgsl and
// matmul/direct.wgsl: a function file.
//
//     of an operand whose neighbours in memory lie      along k           the other way
//                                                       k ──▶             outer ──▶
//                                                       outer[0] ────     k[0] ────
//     one lane owns                                     outer[1] ────     k[1] ────
//                                                       …                 …
//
// each line one vec4 of memory where all lines are aligned, or four elements: 64 bytes a block of f32.
// Places come from another function file, which says for each line where it begins.

const A_SHIFT = 2u * A_VECTOR;
const B_SHIFT = 2u * B_VECTOR;

// What an invocation brings of one operand: a block for this step, and where it lies.
struct Load {
  of_a: bool,
  source: Places,
  // Neighbours that exist behind the first, and the last place that does.
  exist: u32,
  final_place: u32,
  block: Block,
}

// A block of `a` or of `b` in the first step: blocks are counted from the row or column `first` on, and
// from where the share of the reduction begins.
fn first_load(of_a: bool, block_outer: u32, block_k: u32, first: u32, share: Share, walk: Walk) -> Load {
  let turns = select(B_ALONG_K, A_ALONG_K, of_a) == 1u;
  let whole = select(B_VECTOR, A_VECTOR, of_a) == 1u && !turns;
  // Rows (columns) that do not exist repeat the last: what comes of them is not stored.
  let final_outer = select(params.columns, params.rows, of_a) - 1u;
  let outer = min(
    first + 4u * block_outer + select(vec4<u32>(), FOUR, turns),
    vec4<u32>(select(final_outer, final_outer & ~3u, whole)),
  );
  let k = 4u * block_k + select(FOUR, vec4<u32>(), turns);
  let k_apart = select(vec4<u32>(), FOUR, turns);

  var found: Load;
  found.of_a = of_a;
  found.source = places(of_a, outer, vec4<i32>(share.start + k) - i32(share.lacking), walk);
  found.exist = select(final_outer - outer.x, 3u, turns || whole);
  found.final_place = select(
    (arrayLength(&b) << (2u - B_SHIFT)) - 1u,
    (arrayLength(&a) << (2u - A_SHIFT)) - 1u,
    of_a,
  );
  found.block = begun(loaded(found), k, k_apart, share.lacking);
  return found;
}

// And in the next.
fn next_load(past: Load, walk: Walk) -> Load {
  var load = past;
  load.source = next(past.of_a, past.source, walk);
  load.block = loaded(load);
  return load;
}

// Four times four neighbours in memory. Those behind `reach` do not exist and repeat the last. What
// places outside the operand give, those behind `final_place` too, is not used.
fn loaded(load: Load) -> Block {
  let final_place = load.final_place;
  let apart = min(FOUR, vec4<u32>(min(load.exist, load.source.reach)));
  let first = vec4<u32>(load.source.at);
  let known = min(first, vec4<u32>(final_place));
  var block: Block;
  if (load.of_a) {
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
fn zeroed(load: Load) -> Block {
  if (PADDED == 0u) { return load.block; }
  let block = load.block;
  let source = load.source;
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
