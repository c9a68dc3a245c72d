// The forward convolution as a matmul, for matmul/registers.wgsl:
//
//   rows: output pixels (n, oy, ox)      columns: filters      reduction: filter taps × channels
//
//   a: image, one row = the patch under the filter      b: filter, packed as [tiles of 8 filters,
//                                                          taps, channels, 8]
//
// A segment is one filter tap: below it, channels lie next to each other in the image, and the
// filter advances by eight. With TAPS_TOGETHER it is a row of taps, whose channels do
// so as well where the filter neither leaves the image nor skips pixels of it. Only addresses are
// computed here, once a segment.

fn origin_of(p: vec3<i32>) -> vec3<i32> {
  return vec3<i32>(
    p.x * i32(params.height * params.width),
    p.y * i32(params.strideY) - i32(params.paddingY),
    p.z * i32(params.strideX) - i32(params.paddingX),
  );
}
fn row_origin(row: u32, batch: u32) -> vec3<i32> {
  return origin_of(tile_pixel_of(row, params.outHeight, params.outWidth));
}
fn row_apart() -> u32 { return tile_row_apart(params.height, params.width, params.channels); }
fn result_start(batch: u32) -> u32 { return 0u; }
fn result_row(row: u32) -> u32 { return tile_row_of(row, params.outHeight, params.outWidth); }
fn result_apart() -> u32 { return tile_row_apart(params.outHeight, params.outWidth, 1u); }
fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  let tap_y = select(segment / params.filterWidth, segment, TAPS_TOGETHER == 1u);
  let tap_x = select(segment - tap_y * params.filterWidth, 0u, TAPS_TOGETHER == 1u);
  let y = origin.y + i32(tap_y * params.dilationY);
  let x = origin.z + i32(tap_x * params.dilationX);
  let at = (origin.x + y * i32(params.width) + x) * i32(params.channels);
  let inside = PADDED == 0u || is_inside(y, x, params.height, params.width);
  return select(vec2<i32>(), vec2<i32>(at, 1), inside);
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool { return true; }
fn row_step() -> u32 { return 1u; }

fn column_start(origin: vec3<i32>, segment: u32, batch: u32) -> u32 {
  return segment * segment_length(origin, segment) * 8u;
}
fn column_step() -> u32 { return 8u; }
fn column_offset(column: u32) -> u32 {
  return (column >> 3u) * params.reduction * 8u + (column & 7u);
}

fn segment_step() -> u32 { return 1u; }
fn segment_length(origin: vec3<i32>, segment: u32) -> u32 {
  if (SHORT > 0u) { return SHORT; }
  return select(params.channels, params.channels * params.filterWidth, TAPS_TOGETHER == 1u);
}
