// The gradient of a convolution's image as a matmul, for matmul/registers.wgsl:
//
//   rows: image pixels (n, y, x)      columns: channels      reduction: filter taps × filters
//
//   a: the output's gradient, at those pixels that saw this one through the tap
//   b: the filter, packed as [tiles of 8 channels, taps, filters, 8]
//
// A segment is one filter tap. With strides most taps of most pixels have no output; a tile none
// of whose pixels has one skips the tap. Only addresses are computed here, once a tap.

fn origin_of(p: vec3<i32>) -> vec3<i32> {
  return vec3<i32>(
    p.x * i32(params.outHeight * params.outWidth),
    p.y + i32(params.paddingY),
    p.z + i32(params.paddingX),
  );
}
fn row_origin(row: u32, batch: u32) -> vec3<i32> {
  return origin_of(tile_pixel_of(row, params.height, params.width));
}
fn row_apart() -> u32 { return tile_row_apart(params.outHeight, params.outWidth, params.filters); }
fn result_start(batch: u32) -> u32 { return 0u; }
fn result_row(row: u32) -> u32 { return tile_row_of(row, params.height, params.width); }
fn result_apart() -> u32 { return tile_row_apart(params.height, params.width, 1u); }
// The output pixel that saw (y, x) through the first tap, where there is one: (1, oy, ox).
fn gradient_pixel(y: i32, x: i32) -> vec3<i32> {
  var at = vec2<i32>(y, x);
  var inside = true;
  if (STRIDED == 1u) {
    let stride = vec2<i32>(i32(params.strideY), i32(params.strideX));
    at /= stride;
    inside = all(at * stride == vec2<i32>(y, x));
  }
  inside = inside && (PADDED == 0u || is_inside(at.x, at.y, params.outHeight, params.outWidth));
  return vec3<i32>(i32(inside), at);
}
fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  let tap_y = segment / params.filterWidth;
  let tap_x = segment - tap_y * params.filterWidth;
  let source = gradient_pixel(
    origin.y - i32(tap_y * params.dilationY),
    origin.z - i32(tap_x * params.dilationX),
  );
  let at = (origin.x + source.y * i32(params.outWidth) + source.z) * i32(params.filters);
  return select(vec2<i32>(), vec2<i32>(at, 1), source.x != 0);
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool { return true; }
fn row_step() -> u32 { return 1u; }

fn column_start(origin: vec3<i32>, segment: u32, batch: u32) -> u32 {
  return segment * params.filters * 8u;
}
fn column_step() -> u32 { return 8u; }
fn column_offset(column: u32) -> u32 {
  return (column >> 3u) * params.reduction * 8u + (column & 7u);
}

fn segment_step() -> u32 { return 1u; }
fn segment_length(origin: vec3<i32>, segment: u32) -> u32 { return params.filters; }
