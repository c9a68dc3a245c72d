// The second pass of a split reduction: adds up the partial results that the splits left behind.
//
//   split 0  [ . . . . | x x x x | . . ]
//   split 1  [ . . . . | x x x x | . . ]  ──▶  result [ . . . . | x x x x | . . ]
//   …                    SPLIT_LANES invocations
//
// SPLIT_LANES invocations own four neighbouring outputs: one takes every SPLIT_LANES-th split, and
// of_splits brings their sums together. One on CPUs. Per output: 4·splits bytes read, 4 written,
// `splits` additions, always in the same order, then what a function file makes of them,
// put(i, sum), and how another stores results, store(i, sum).

struct Params {
  vectors: u32,
  splits: u32,
  resultVectors: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<vec4<f32>>;

const ACROSS = LANES / SPLIT_LANES;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * groups.x) * ACROSS + lane % ACROSS;
  let exists = i < params.vectors;
  var sum = vec4<f32>();
  if (exists) {
    for (var split = lane / ACROSS; split < params.splits; split += SPLIT_LANES) {
      sum += partial[split * params.vectors + i];
    }
  }
  let whole = of_splits(sum, lane);
  if (exists && lane < ACROSS) { put(i, whole); }
}
