// The sum of each block alone, from which a further pass tells what goes before the blocks.
@group(0) @binding(2) var<storage, read_write> result: array<scalar>;

fn finish(at: Stretch, sum: scalar, lane: u32) {
  if ((lane & (LANES - 1u)) == LANES - 1u) { result[at.block] = joined(sum, total(at)); }
}
