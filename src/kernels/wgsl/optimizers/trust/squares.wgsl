// Squares of weights and of the directions of their steps, summed up in blocks of 64 elements, at whose
// bounds variables begin: [vectors] → [blocks]. What lies behind a variable in its last block is left out.
//
//   weights   [v v v v … v|v v v v … v|…      v: a vec4, 16 of them in a block
//   lengths    64          12          …      how many elements of a block count
//   squares    s           s           …      s: two sums of weights², two of directions²
//
// LANES neighbouring invocations own one block: 16, or one alone on CPUs. Per element: 8 bytes read, 4 more
// for each moment. A formula declares `params`, its moments, and
//   direction(i, weight, grad)    where vec4 i of the weights would go; it writes nothing
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> grads: array<vec4<f32>>;
@group(0) @binding(LENGTHS) var<storage, read> lengths: array<u32>;
@group(0) @binding(SQUARES) var<storage, read_write> squares: array<vec4<f32>>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let own = (group_id.x + group_id.y * num_groups.x) * (WORKGROUP / LANES) + lane / LANES;
  let block = min(own, params.vectors / 16u - 1u);
  var sum = vec4<f32>();
  for (var v = lane & (LANES - 1u); v < 16u; v += LANES) {
    let i = block * 16u + v;
    let counts = vec4<u32>(v * 4u) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(lengths[block]);
    let weight = select(vec4<f32>(), weights[i], counts);
    let heading = select(vec4<f32>(), direction(i, weight, gradient(i)), counts);
    let w = weight * weight;
    let h = heading * heading;
    sum += vec4<f32>(w.xy + w.zw, h.xy + h.zw);
  }
  let total = of_row(sum, lane);
  if (own == block && (lane & (LANES - 1u)) == 0u) { squares[block] = total; }
}
