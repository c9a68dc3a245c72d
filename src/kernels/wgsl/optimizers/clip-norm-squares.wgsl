// Norms of the chunks of a flat buffer of gradients: [vectors] → [chunks]. Gradients begin at blocks
// of 64 elements; what lies behind a gradient in its last block has no value and is left out.
//
//             ◄──────── span ────────►
//   grads    [v v v v v v v v v v v v v|v v v v …     v: a vec4, 16 of them in a block
//   lengths   64      64      12        64 …          how many elements of a block count
//   norms     first                     first + 1
//
// LANES neighbouring invocations own one chunk, as in reduce/rows; LANES is 1 on CPUs.
// Per element: 4 bytes read, 2 operations. A chunk whose squares are beyond f32 is walked once more.
struct Params {
  chunks: u32,
  vectors: u32,
  span: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grads: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
@group(0) @binding(3) var<storage, read_write> norms: array<f32>;

fn gradient(v: u32) -> vec4<f32> {
  let at = vec4<u32>((v & 15u) * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
  return select(vec4<f32>(), grads[v], at < vec4<u32>(lengths[v >> 4u]));
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let chunk = group_id.x + group_id.y * num_groups.x;
  let begin = chunk * params.span;
  let end = min(begin + params.span, params.vectors);
  var sum = vec4<f32>();
  for (var v = begin + lane; v < end; v += LANES) {
    let grad = gradient(v);
    sum += grad * grad;
  }
  let four = of_row(sum, lane);
  let two = four.xy + four.zw;
  if (chunk < params.chunks && lane == 0u) {
    var norm = sqrt(two.x + two.y);
    if (norm > LARGEST) {
      var scaled = vec4<f32>();
      for (var v = begin; v < end; v++) {
        let grad = gradient(v) * SHRINK;
        scaled += grad * grad;
      }
      norm = sqrt(scaled.x + scaled.y + scaled.z + scaled.w) / SHRINK;
    }
    norms[params.first + chunk] = norm;
  }
}
