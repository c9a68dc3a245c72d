// The gradient of a convolution's image as a matmul, for matmul_registers.wgsl:
//
//   rows: image pixels (n, y, x)      columns: channels      reduction: filter taps × filters
//
//   a: the output's gradient, at those pixels that saw this one through the tap
//   b: the filter, read along `filters` (its last axis) for each channel
//
// A segment is one filter tap. With strides most taps of most pixels have no output; a tile none
// of whose pixels has one skips the tap. Only addresses are computed here, once a tap.

fn row_origin(row: u32, batch: u32) -> vec3<i32> {
  let p = pixel_of(row, params.height, params.width);
  return vec3<i32>(
    p.x * i32(params.out_height * params.out_width),
    p.y + i32(params.padding_y),
    p.z + i32(params.padding_x),
  );
}
fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  let tap_y = segment / params.filter_width;
  var y = origin.y - i32(tap_y * params.dilation_y);
  var x = origin.z - i32((segment - tap_y * params.filter_width) * params.dilation_x);
  var inside = true;
  if (STRIDED == 1u) {
    let stride = vec2<i32>(i32(params.stride_y), i32(params.stride_x));
    let down = vec2<i32>(y, x) / stride;
    inside = all(down * stride == vec2<i32>(y, x));
    y = down.x;
    x = down.y;
  }
  inside = inside && is_inside(y, x, params.out_height, params.out_width);
  let at = (origin.x + y * i32(params.out_width) + x) * i32(params.filters);
  return select(vec2<i32>(), vec2<i32>(at, 1), inside);
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool { return true; }
fn row_step() -> u32 { return 1u; }

fn column_start(segment: u32, batch: u32) -> u32 {
  return segment * params.channels * params.filters;
}
fn column_step() -> u32 { return 1u; }
fn column_stride() -> u32 { return params.filters; }

fn segment_step() -> u32 { return 1u; }
fn segment_length(segment: u32) -> u32 { return params.filters; }
