// The gradient of a convolution's filter as a matmul, for matmul/blocked.wgsl: a function file.
//
//   rows: filter taps × channels      columns: filters      reduction: output pixels (n, oy, ox)
//
//   a: image, transposed: four neighbouring rows are four channels of one pixel
//   b: the output's gradient as [pixels, filters]
//
// A row is seen through its tap: four output pixels are followed by their places in the image, which
// a step advances by DEPTH output pixels. Past the end of a line of them (x_end) it is carried to the
// next line, past the last line (y_end) to the next image:
//
//     image   ┌──────────────────┐
//             │  x  .  .  .  . x_end
//             │ ▸x  .  .  .  .│        strideX apart; OW · strideX back and strideY down at x_end
//             └──────────────────┘

// What a step of DEPTH output pixels adds to places in the image, and what carrying adds.
struct Walk {
  y: i32,
  x: i32,
  elements: i32,
  line: i32,
  image: i32,
}

struct Places {
  at: vec4<i32>,
  inside: vec4<bool>,
  reach: u32,
  y: vec4<i32>,
  x: vec4<i32>,
  y_end: i32,
  x_end: i32,
}

fn walk_of(batch: u32) -> Walk {
  let line = DEPTH / params.outWidth;
  let image = line / params.outHeight;
  let y = i32((line - image * params.outHeight) * params.strideY);
  let x = i32((DEPTH - line * params.outWidth) * params.strideX);
  let width = i32(params.width);
  let height = i32(params.height);
  let channels = i32(params.channels);
  let strides = vec2<i32>(vec2<u32>(params.strideY, params.strideX));
  let out = vec2<i32>(vec2<u32>(params.outHeight, params.outWidth)) * strides;
  return Walk(
    y, x,
    (((i32(image) * height + y) * width + x) * channels) >> A_SHIFT,
    ((strides.x * width - out.y) * channels) >> A_SHIFT,
    ((height - out.x) * width * channels) >> A_SHIFT,
  );
}

fn places(loads_a: bool, outer: vec4<u32>, k: vec4<i32>, walk: Walk) -> Places {
  var found: Places;
  if (loads_a) {
    let tap = tap_at(i32(outer.x), run_of(params.channels), params.filterWidth);
    let y = tap.y * i32(params.dilationY) - i32(params.paddingY);
    let x = i32(tap.x * params.dilationX) - i32(params.paddingX);
    // What lies before the first pixel is in an image before the first.
    let before = DEPTH * params.outHeight * params.outWidth;
    let pixels = pixels_at(vec4<u32>(k + i32(before)), params.outHeight, params.outWidth);
    let image = vec4<i32>(pixels.image) - i32(DEPTH);
    found.y = vec4<i32>(pixels.y * params.strideY) + y;
    found.x = vec4<i32>(pixels.x * params.strideX) + x;
    found.y_end = i32(params.outHeight * params.strideY) + y;
    found.x_end = i32(params.outWidth * params.strideX) + x;
    let line = image * i32(params.height) + found.y;
    let pixel = line * i32(params.width) + found.x;
    found.at = (pixel * i32(params.channels) + i32(tap.channel)) >> vec4<u32>(A_SHIFT);
    found.reach = params.channels - 1u - tap.channel;
    found.inside = in_image(found);
  } else {
    found.at = (k * i32(params.filters) + vec4<i32>(outer)) >> vec4<u32>(B_SHIFT);
    found.reach = 3u;
    found.inside = vec4<bool>(true);
  }
  return found;
}

fn next(loads_a: bool, past: Places, walk: Walk) -> Places {
  var found = past;
  if (loads_a) {
    found.x += walk.x;
    let below = found.x >= vec4<i32>(past.x_end);
    found.x -= select(vec4<i32>(), vec4<i32>(i32(params.outWidth * params.strideX)), below);
    found.y += walk.y + select(vec4<i32>(), vec4<i32>(i32(params.strideY)), below);
    let beyond = found.y >= vec4<i32>(past.y_end);
    found.y -= select(vec4<i32>(), vec4<i32>(i32(params.outHeight * params.strideY)), beyond);
    found.at += walk.elements + select(vec4<i32>(), vec4<i32>(walk.line), below)
      + select(vec4<i32>(), vec4<i32>(walk.image), beyond);
    found.inside = in_image(found);
  } else {
    found.at += i32(DEPTH * params.filters) >> B_SHIFT;
  }
  return found;
}

fn in_image(found: Places) -> vec4<bool> {
  return within(found.y, params.height) & within(found.x, params.width);
}

fn reduction_of(walk: Walk) -> u32 { return params.reduction; }
// Rows that fill up a run are no rows of the output.
fn result_row(row: u32, batch: u32) -> u32 {
  if (RUNS_WHOLE == 1u) { return row; }
  let run = run_of(params.channels);
  let tap = row / run;
  let channel = row - tap * run;
  return select(tap * params.channels + channel, NO_ROW, channel >= params.channels);
}
