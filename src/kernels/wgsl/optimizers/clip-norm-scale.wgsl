// What the gradients are multiplied by, from the sums of their squares: [count] → [1].
//
//   scale = min(1, maxNorm / (√Σ + 1e-6))        PyTorch's clip_grad_norm_; NaN stays NaN
//
// One workgroup owns it all. 4·count bytes read.
struct Params {
  count: u32,
  maxNorm: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> scale: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let vectors = (params.count + 3u) / 4u;
  var sum = vec4<f32>();
  for (var v = lane; v < vectors; v += LANES) {
    let at = vec4<u32>(v * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
    sum += select(vec4<f32>(), sums[v], at < vec4<u32>(params.count));
  }
  let four = of_row(sum, lane);
  let two = four.xy + four.zw;
  if (lane == 0u) {
    let norm = sqrt(two.x + two.y);
    let clipped = min(1.0, params.maxNorm / (norm + 1e-6));
    scale[0] = select(clipped, norm, (bitcast<u32>(norm) & 0x7fffffffu) > 0x7f800000u);
  }
}
