// How far the steps of each variable may be trusted: the norm of its weights over that of their direction,
// in each block of the variable: [blocks] → [blocks]. 0, for there is none, where one of the norms is 0.
//
//   squares   s s s s s|s|s s s|…      s: two sums of weights², two of directions², of a block
//   starts    0         5 6     9      the first block of each variable
//   ratios    r r r r r|r|r r r|…
//
// The LANES invocations of a workgroup own one variable; LANES is 1 on CPUs. 16 bytes read for 4 written.
struct Params {
  variables: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> squares: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read_write> ratios: array<f32>;

var<workgroup> ratio: f32;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let variable = min(group_id.x + group_id.y * num_groups.x, params.variables - 1u);
  let begin = starts[variable];
  let end = starts[variable + 1u];
  var sum = vec4<f32>();
  for (var block = begin + lane; block < end; block += LANES) { sum += squares[block]; }
  let total = of_row(sum, lane);
  if (lane == 0u) {
    let norms = sqrt(vec2<f32>(total.x + total.y, total.z + total.w));
    ratio = select(0.0, norms.x / norms.y, norms.x > 0.0 && norms.y > 0.0);
  }
  workgroupBarrier();
  for (var block = begin + lane; block < end; block += LANES) { ratios[block] = ratio; }
}
