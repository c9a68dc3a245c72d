// What a row comes to, for the LANES neighbouring invocations that own it together: each gives
// its part and gets the whole.
//
//   lanes  0 1 2 3 4 5 6 7      each step halves the lanes that work;
//          └─┴─┴─┼─┘ │ │ │      then all lanes read lane 0's
//          0 1 2 3 (+4…7)
//
// Costs one f32 of workgroup memory a lane and log2(LANES) + 2 barriers.
var<workgroup> parts: array<f32, WORKGROUP>;

fn row_highest(value: f32, lane: u32) -> f32 {
  parts[lane] = value;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if ((lane & (LANES - 1u)) < half) { parts[lane] = max(parts[lane], parts[lane + half]); }
  }
  workgroupBarrier();
  let whole = parts[lane - (lane & (LANES - 1u))];
  workgroupBarrier();
  return whole;
}

fn row_total(value: f32, lane: u32) -> f32 {
  parts[lane] = value;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if ((lane & (LANES - 1u)) < half) { parts[lane] += parts[lane + half]; }
  }
  workgroupBarrier();
  let whole = parts[lane - (lane & (LANES - 1u))];
  workgroupBarrier();
  return whole;
}
