// The gradient of a convolution's filter as a matmul, for matmul/registers.wgsl:
//
//   rows: filter taps × channels      columns: filters      reduction: output pixels (n, oy, ox)
//
//   a: image, transposed: neighbouring rows are neighbouring channels of one pixel
//   b: the output's gradient as [pixels, filters]
//
// A segment is one line of output pixels; along it the image advances by strideX pixels. Only
// addresses are computed here, once a line (and a bounds check a pixel, where there is padding).

fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  let n = segment / params.outHeight;
  let y = i32((segment - n * params.outHeight) * params.strideY) + origin.y;
  let line = i32(n * params.height) + y;
  let at = (line * i32(params.width) + origin.z) * i32(params.channels) + origin.x;
  return vec2<i32>(at, i32(PADDED == 0u || (y >= 0 && y < i32(params.height))));
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool {
  if (PADDED == 0u) { return true; }
  let x = origin.z + i32(k * params.strideX);
  return x >= 0 && x < i32(params.width);
}
fn row_step() -> u32 { return params.strideX * params.channels; }

fn column_start(origin: vec3<i32>, segment: u32, batch: u32) -> u32 {
  return segment * params.outWidth * params.filters;
}
fn column_step() -> u32 { return params.filters; }
fn column_offset(column: u32) -> u32 { return column; }

fn segment_step() -> u32 { return 1u; }
fn segment_length(origin: vec3<i32>, segment: u32) -> u32 { return params.outWidth; }
