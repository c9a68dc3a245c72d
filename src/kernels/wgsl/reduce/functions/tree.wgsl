// The partial results of the LANES neighbouring invocations that own a row together, combined:
//
//   lanes  0 1 2 3 4 5 6 7      each step halves the lanes that work;
//          └─┴─┴─┼─┘ │ │ │      the result is lane 0's
//          0 1 2 3 (+4…7)
//
// Costs one vec4 of workgroup memory a lane and log2(LANES) barriers.
var<workgroup> partials: array<elements, WORKGROUP>;

fn of_row(value: elements, lane: u32) -> elements {
  var mine = value;
  partials[lane] = mine;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if ((lane & (LANES - 1u)) < half) {
      mine = combine_marked(mine, partials[lane + half]);
      partials[lane] = mine;
    }
  }
  return mine;
}
