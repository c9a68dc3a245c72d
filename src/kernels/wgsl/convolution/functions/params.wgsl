// What every kernel of a 2-d convolution is told: a function file, no tile and no memory of its
// own. The image is [batch, height, width, channels], the filter [filterHeight, filterWidth,
// channels, filters], the output [batch, outHeight, outWidth, filters].

struct Params {
  rows: u32, columns: u32,
  rowTiles: u32, columnTiles: u32, tiles: u32,
  batches: u32, splitStride: u32,
  reduction: u32, segments: u32, segmentsPerSplit: u32,
  tileVectors: u32,
  images: u32, height: u32, width: u32, channels: u32,
  filterWidth: u32, filters: u32,
  outHeight: u32, outWidth: u32,
  strideY: u32, strideX: u32,
  dilationY: u32, dilationX: u32,
  paddingY: u32, paddingX: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// The coordinates (n, y, x) of a pixel of a [batch, height, width] grid.
fn pixel_of(index: u32, height: u32, width: u32) -> vec3<i32> {
  let line = index / width;
  let n = line / height;
  return vec3<i32>(vec3<u32>(n, line - n * height, index - line * width));
}

// The same for the register tiles. IMAGES_INNERMOST: neighbouring rows are of different images, where an
// element may lie outside: all of them do so at the same taps then, and the tile skips those.
fn tile_pixel_of(index: u32, height: u32, width: u32) -> vec3<i32> {
  if (IMAGES_INNERMOST == 0u) { return pixel_of(index, height, width); }
  let pixel = index / params.images;
  let y = pixel / width;
  return vec3<i32>(vec3<u32>(index - pixel * params.images, y, pixel - y * width));
}

// The place in memory of the pixel that tile_pixel_of() finds.
fn tile_row_of(index: u32, height: u32, width: u32) -> u32 {
  if (IMAGES_INNERMOST == 0u) { return index; }
  let pixel = index / params.images;
  return (index - pixel * params.images) * height * width + pixel;
}

fn is_inside(y: i32, x: i32, height: u32, width: u32) -> bool {
  return y >= 0 && x >= 0 && y < i32(height) && x < i32(width);
}

// From one of these to the next in a tile, where they are `channels` each.
fn tile_row_apart(height: u32, width: u32, channels: u32) -> u32 {
  return select(1u, height * width, IMAGES_INNERMOST == 1u) * channels;
}
