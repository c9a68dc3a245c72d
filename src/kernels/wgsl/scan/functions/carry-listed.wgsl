// What goes before each block, as the pass over the sums of blocks has found it.
@group(0) @binding(3) var<storage, read> carries: array<scalar>;

fn carried(block: u32) -> scalar {
  return carries[block];
}
