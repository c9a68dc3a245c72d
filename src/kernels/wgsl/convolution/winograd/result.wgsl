// The last pass of Winograd's convolution (winograd.ts): 4 × 4 pixels of products at 36 points, Aᵀ · products · A.
//
//   products  [tiles, 36, channels]  ──▶  tiles of 4 × 4 pixels of the result, as far as they exist
//
// One invocation owns four channels of a tile. Per invocation: 576 bytes read, 256 written, 10 · 12 operations
// on vec4. Completes each.wgsl; kernels/element-access.ts declares the result and store(i, value).

struct Params {
  count: u32,
  vectors: u32,
  tilesDown: u32, tilesAcross: u32,
  height: u32, width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> products: array<vec4<f32>>;

alias Four = array<vec4<f32>, 4>;

fn gathered(m: Six) -> Four {
  let sum = m[1] + m[2];
  let difference = m[1] - m[2];
  return Four(
    m[0] + sum + m[3] + m[4],
    difference + 2.0 * m[3] - 0.5 * m[4],
    sum + 4.0 * m[3] + 0.25 * m[4],
    difference + 8.0 * m[3] - 0.125 * m[4] + m[5],
  );
}

fn compute(i: u32) {
  let index = i / params.vectors;
  let tile = tile_at(index, i - index * params.vectors);

  var half: array<Six, 4>;
  for (var x = 0u; x < 6u; x++) {
    var points: Six;
    for (var y = 0u; y < 6u; y++) {
      points[y] = products[(tile.index * 36u + y * 6u + x) * params.vectors + tile.vector];
    }
    let down = gathered(points);
    for (var y = 0u; y < 4u; y++) { half[y][x] = down[y]; }
  }
  for (var y = 0u; y < 4u; y++) {
    if (tile.top + y < params.height) {
      let row = gathered(half[y]);
      let pixel = (tile.image * params.height + tile.top + y) * params.width + tile.left;
      for (var x = 0u; x < 4u; x++) {
        if (tile.left + x < params.width) {
          store((pixel + x) * params.vectors + tile.vector, row[x]);
        }
      }
    }
  }
}
