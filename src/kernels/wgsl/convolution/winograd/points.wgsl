// The first pass of Winograd's convolution (winograd.ts): what pixels come to at 36 points, S · pixels · Sᵀ, for
// tiles of 4 × 4 pixels of the result. Of an image they are 6 × 6, and of an output's gradient, as the gradient
// of a filter needs it, the 4 × 4 themselves: function files tell, spread-image.wgsl and spread-gradient.wgsl.
//
//   image   ┌───────────┐
//           │   ┌───────┼───┐       tiles are 4 pixels apart, and overlap by 2; pixels outside are 0
//           │   │       │   │
//           └───┼───────┘   │       points  [tiles, 36, channels], or where PACKED = 1, for products along tiles,
//               └───────────┘               [36, groups of 8 channels, tiles, 8]
//
// One invocation owns four channels of a tile. Per invocation: 576 bytes read, 576 written, 12 · 14 operations
// on vec4. Completes each.wgsl.

struct Params {
  count: u32,
  vectors: u32,
  tiles: u32,
  pointVectors: u32,
  tilesDown: u32, tilesAcross: u32,
  height: u32, width: u32,
  paddingY: u32, paddingX: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> points: array<vec4<f32>>;

fn compute(i: u32) {
  let pair = i >> 1u;
  let index = select(i / params.vectors, pair % params.tiles, PACKED == 1u);
  let vector = select(i - index * params.vectors, pair / params.tiles * 2u + (i & 1u), PACKED == 1u);
  let tile = tile_at(index, vector);
  let top = i32(tile.top) - i32(params.paddingY);
  let left = i32(tile.left) - i32(params.paddingX);
  // Where the tile's lines begin. One that is outside is 0, and another is read for it.
  var starts: array<u32, SIDE>;
  var inside: array<bool, SIDE>;
  for (var y = 0u; y < SIDE; y++) {
    let line = top + i32(y);
    inside[y] = line >= 0 && line < i32(params.height);
    let known = tile.image * params.height + u32(select(0, line, inside[y]));
    starts[y] = known * params.width * params.vectors + tile.vector;
  }

  var half: array<Side, 6>;
  for (var x = 0u; x < SIDE; x++) {
    let column = left + i32(x);
    if (column >= 0 && column < i32(params.width)) {
      var pixels: Side;
      for (var y = 0u; y < SIDE; y++) {
        let pixel = a_vector(starts[y] + u32(column) * params.vectors);
        pixels[y] = select(vec4<f32>(), pixel, inside[y]);
      }
      let spread_down = spread(pixels);
      for (var y = 0u; y < 6u; y++) { half[y][x] = spread_down[y]; }
    }
  }
  var to = select(index * 36u * params.vectors + vector, i, PACKED == 1u);
  for (var y = 0u; y < 6u; y++) {
    let row = spread(half[y]);
    for (var x = 0u; x < 6u; x++) {
      points[to] = row[x];
      to += params.pointVectors;
    }
  }
}
