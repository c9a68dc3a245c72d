// What the gradients are multiplied by, from the norms of their chunks: [count] → [1].
//
//   scale = min(1, maxNorm / (√Σ norm² + 1e-6))        PyTorch's clip_grad_norm_
//
// functions/factor-*.wgsl has the formula, as factor_of(norm), and says what becomes of NaN.
// One workgroup owns it all. 4·count bytes read.
struct Params {
  count: u32,
  maxNorm: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> norms: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> scale: array<f32>;

fn chunks(v: u32) -> vec4<f32> {
  let at = vec4<u32>(v * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
  return select(vec4<f32>(), norms[v], at < vec4<u32>(params.count));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let vectors = (params.count + 3u) / 4u;
  var sum = vec4<f32>();
  for (var v = lane; v < vectors; v += LANES) {
    let norm = chunks(v);
    sum += norm * norm;
  }
  let four = of_row(sum, lane);
  let two = four.xy + four.zw;
  if (lane == 0u) {
    var norm = sqrt(two.x + two.y);
    if (norm > LARGEST) {
      var scaled = vec4<f32>();
      for (var v = 0u; v < vectors; v++) {
        let part = chunks(v) * SHRINK;
        scaled += part * part;
      }
      norm = sqrt(scaled.x + scaled.y + scaled.z + scaled.w) / SHRINK;
    }
    scale[0] = factor_of(norm);
  }
}
