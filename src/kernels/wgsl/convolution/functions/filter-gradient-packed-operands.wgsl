// The gradient of a convolution's filter as a matmul of packed operands, for matmul/registers.wgsl:
//
//   rows: filter taps × channels      columns: filters      reduction: output pixels (oy, ox, n)
//
//   a: image as [tiles of 8 channels, y, x, n, 8]      b: the output's gradient, likewise
//
// Images lie inside pixels, so that what a filter tap sees of a line of output pixels is one
// stretch of memory, in all images. A segment is such a line, less the pixels where the tap lies
// outside; with STRIDED, which leaves pixels of the image out, it is one pixel. All rows of a tile
// belong to one tap. Only addresses are computed here, once a segment.

// (oy, first ox, end of ox) of a segment, for rows with this origin.
fn pixels_of(origin: vec3<i32>, segment: u32) -> vec3<i32> {
  let width = i32(params.outWidth);
  var oy = i32(segment);
  var first = 0;
  var end = width;
  if (STRIDED == 1u) {
    oy = i32(segment / params.outWidth);
    first = i32(segment) - oy * width;
    end = first + 1;
  }
  if (PADDED == 1u) {
    let y = oy * i32(params.strideY) + origin.y;
    let x = first * i32(params.strideX) + origin.z;
    if (STRIDED == 0u) {
      first = max(0, -origin.z);
      end = min(width, i32(params.width) - origin.z);
    } else if (x < 0 || x >= i32(params.width)) {
      end = first;
    }
    if (y < 0 || y >= i32(params.height)) { end = first; }
  }
  return vec3<i32>(oy, first, end);
}

fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  let pixels = pixels_of(origin, segment);
  let y = pixels.x * i32(params.strideY) + origin.y;
  let x = pixels.y * i32(params.strideX) + origin.z;
  let line = (origin.x >> 3u) * i32(params.height) + y;
  let at = (line * i32(params.width) + x) * i32(params.images) * 8 + (origin.x & 7);
  return vec2<i32>(at, i32(pixels.z > pixels.y));
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool { return true; }
fn row_step() -> u32 { return 8u; }

fn column_start(origin: vec3<i32>, segment: u32, batch: u32) -> u32 {
  let pixels = pixels_of(origin, segment);
  return u32(pixels.x * i32(params.outWidth) + pixels.y) * params.images * 8u;
}
fn column_step() -> u32 { return 8u; }
fn column_offset(column: u32) -> u32 {
  return (column >> 3u) * params.outHeight * params.outWidth * params.images * 8u + (column & 7u);
}

fn segment_step() -> u32 { return 1u; }
fn segment_length(origin: vec3<i32>, segment: u32) -> u32 {
  let pixels = pixels_of(origin, segment);
  return u32(max(pixels.z - pixels.y, 0)) * params.images;
}
