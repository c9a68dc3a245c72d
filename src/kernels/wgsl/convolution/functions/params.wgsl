// What every kernel of a 2-d convolution is told: a function file, no tile and no memory of its
// own. The image is [batch, height, width, channels], the filter [filter_height, filter_width,
// channels, filters], the output [batch, out_height, out_width, filters].

struct Params {
  rows: u32,
  columns: u32,
  row_tiles: u32,
  column_tiles: u32,
  tiles: u32,
  batches: u32,
  split_stride: u32,
  reduction: u32,
  reduction_per_split: u32,
  tile_vectors: u32,
  height: u32,
  width: u32,
  channels: u32,
  filters: u32,
  out_height: u32,
  out_width: u32,
  filter_width: u32,
  stride_y: u32,
  stride_x: u32,
  dilation_y: u32,
  dilation_x: u32,
  padding_y: u32,
  padding_x: u32,
  images: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// The coordinates (n, y, x) of a pixel of a [batch, height, width] grid.
fn pixel_of(index: u32, height: u32, width: u32) -> vec3<i32> {
  let line = index / width;
  let n = line / height;
  return vec3<i32>(vec3<u32>(n, line - n * height, index - line * width));
}

// The same for the register tiles, which take neighbouring rows from different images where an
// element may lie outside: all of them do so at the same taps then, and the tile skips those.
fn tile_pixel_of(index: u32, height: u32, width: u32) -> vec3<i32> {
  if (PADDED == 0u) { return pixel_of(index, height, width); }
  let pixel = index / params.images;
  let y = pixel / width;
  return vec3<i32>(vec3<u32>(index - pixel * params.images, y, pixel - y * width));
}

// The place in memory of the pixel that tile_pixel_of() finds.
fn tile_row_of(index: u32, height: u32, width: u32) -> u32 {
  if (PADDED == 0u) { return index; }
  let pixel = index / params.images;
  return (index - pixel * params.images) * height * width + pixel;
}

fn is_inside(y: i32, x: i32, height: u32, width: u32) -> bool {
  return y >= 0 && x >= 0 && y < i32(height) && x < i32(width);
}
