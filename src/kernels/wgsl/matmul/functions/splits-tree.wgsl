// The sums of the SPLIT_LANES invocations that share the splits of a result, brought together:
//
//   lanes  0 8 16 24 32 …      ACROSS apart; each step halves the lanes that work, and the first
//          └─┴──┴──┘           ACROSS have the results
//
// Costs one vec4 of workgroup memory a lane and log2(SPLIT_LANES) barriers.
var<workgroup> parts: array<vec4<f32>, LANES>;

fn of_splits(sum: vec4<f32>, lane: u32) -> vec4<f32> {
  parts[lane] = sum;
  for (var half = SPLIT_LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half * ACROSS) { parts[lane] += parts[lane + half * ACROSS]; }
  }
  return parts[lane];
}
