// What a 3 × 3 filter comes to at the 36 points of winograd/points.wgsl, G · filter · Gᵀ, packed for products:
//
//   [3, 3, channels, filters]  ──▶  [36, tiles of 8 columns, depth, 8]
//
// Columns are filters and the depth channels. TURNED, as for the gradient of an image, it is the other
// way round and the filter is turned by half a circle.
//
// One invocation owns four columns of one k. Per invocation: 144 bytes read, 576 written. Completes each.wgsl.

struct Params {
  count: u32,
  depth: u32,
  columns: u32,
  pointVectors: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4<f32>>;

alias Three = array<vec4<f32>, 3>;
alias Six = array<vec4<f32>, 6>;

fn spread(g: Three) -> Six {
  let ends = g[0] + g[2];
  return Six(
    g[0],
    (ends + g[1]) * (-1.0 / 3.0),
    (ends - g[1]) * (1.0 / 3.0),
    (g[0] + 2.0 * g[1] + 4.0 * g[2]) * (1.0 / 15.0),
    (2.0 * g[1] - 4.0 * g[0] - g[2]) * (4.0 / 15.0),
    g[2],
  );
}

fn taps(tap: u32, k: u32, column: u32) -> vec4<f32> {
  if (TURNED == 0u) {
    return a_vector(((tap * params.depth + k) * params.columns + column) >> 2u);
  }
  let at = ((8u - tap) * params.columns + column) * params.depth + k;
  return vec4<f32>(
    a_element(at),
    a_element(at + params.depth),
    a_element(at + 2u * params.depth),
    a_element(at + 3u * params.depth),
  );
}

fn compute(i: u32) {
  let tile = (i >> 1u) / params.depth;
  let k = (i >> 1u) - tile * params.depth;
  let column = tile * 8u + (i & 1u) * 4u;

  var half: array<Three, 6>;
  for (var x = 0u; x < 3u; x++) {
    let down = spread(Three(taps(x, k, column), taps(x + 3u, k, column), taps(x + 6u, k, column)));
    for (var y = 0u; y < 6u; y++) { half[y][x] = down[y]; }
  }
  var to = i;
  for (var y = 0u; y < 6u; y++) {
    let row = spread(half[y]);
    for (var x = 0u; x < 6u; x++) {
      packed[to] = row[x];
      to += params.pointVectors;
    }
  }
}
