// The last pass of the gradient of a 3 × 3 filter by Winograd (winograd-filter-gradient.ts): Gᵀ · products · G.
//
//   products  [36, channels, filters]  ──▶  [3, 3, channels, filters]
//
// One invocation owns four filters of one channel. Per invocation: 576 bytes read, 144 written, 9 · 14 operations
// on vec4. Completes each.wgsl; kernels/element-access.ts declares the result and store(i, value).

struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> products: array<vec4<f32>>;

alias Three = array<vec4<f32>, 3>;
alias Six = array<vec4<f32>, 6>;

fn gathered(m: Six) -> Three {
  let sum = (m[1] + m[2]) * (1.0 / 3.0);
  let difference = (m[2] - m[1]) * (1.0 / 3.0);
  let third = m[3] * (1.0 / 15.0);
  let fourth = m[4] * (4.0 / 15.0);
  return Three(
    m[0] + difference + third - 4.0 * fourth,
    2.0 * (third + fourth) - sum,
    difference + 4.0 * third - fourth + m[5],
  );
}

fn compute(i: u32) {
  var half: array<Six, 3>;
  for (var x = 0u; x < 6u; x++) {
    var points: Six;
    for (var y = 0u; y < 6u; y++) { points[y] = products[(y * 6u + x) * params.count + i]; }
    let down = gathered(points);
    for (var y = 0u; y < 3u; y++) { half[y][x] = down[y]; }
  }
  for (var y = 0u; y < 3u; y++) {
    let row = gathered(half[y]);
    for (var x = 0u; x < 3u; x++) { store((y * 3u + x) * params.count + i, row[x]); }
  }
}
