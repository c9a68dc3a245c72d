// The second pass of a split reduction: adds up the partial results that the splits left behind.
//
//   split 0  [ . . . . | x x x x | . . ]
//   split 1  [ . . . . | x x x x | . . ]  ──▶  result [ . . . . | x x x x | . . ]
//   …                    one invocation
//
// One invocation owns four neighbouring outputs. Per output: 4·splits bytes read, 4 written,
// `splits` additions, always in the same order, then the epilogue.

struct Params {
  vectors: u32,
  splits: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (i >= params.vectors) { return; }
  var sum = vec4<f32>();
  for (var split = 0u; split < params.splits; split++) {
    sum += partial[split * params.vectors + i];
  }
  result[i] = finished(i, sum);
}
