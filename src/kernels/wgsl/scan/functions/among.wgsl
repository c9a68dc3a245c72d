// What goes before each lane's stretch among the LANES neighbouring invocations that own a block together:
//
//   lanes     0    1    2    3         each step a lane adds what the one 1, 2, 4, … before it has;
//   sums      a    ab   bc   cd        the sums of a lane are those of the one before it in the end
//   sums      a    ab   abc  abcd
var<workgroup> sums: array<scalar, WORKGROUP>;

fn before(at: Stretch, lane: u32) -> scalar {
  let own = lane & (LANES - 1u);
  var mine = total(at);
  sums[lane] = mine;
  for (var step = 1u; step < LANES; step *= 2u) {
    workgroupBarrier();
    let other = sums[select(lane, lane - step, own >= step)];
    workgroupBarrier();
    if (own >= step) { mine = joined(other, mine); }
    sums[lane] = mine;
  }
  workgroupBarrier();
  return select(sums[max(lane, 1u) - 1u], nothing(), own == 0u);
}
