// The gradient of a convolution's image as a matmul, for matmul/blocked.wgsl: a function file.
//
//   rows: image pixels (n, y, x)      columns: channels      reduction: filter taps × filters
//
//   a: the output's gradient, at those pixels that saw this one through the tap
//   b: the filter, [taps, channels, filters], read along `filters`
//
// With strides, pixels of the image differ in which taps ever saw them. Those that lie alike have
// one *phase*, strideY · strideX in all, and are one batch:
//
//   x          0 1 2 3 4 5 …      stride 2: pixels of phase 0 and 1 meet taps 0, 2, … and 1, 3, …
//   phase      0 1 0 1 0 1        (or the other way round, by the padding), each of them with a
//                                 neighbour of the output pixel that the tap before it met
//
// So the reduction has no tap that hits nothing, but for the edges. Phases that have fewer pixels
// than others leave rows out; those that have no tap at all store zeros.

// Along one axis: the first tap that meets the pixels of a phase, how many there are, the output
// pixel that the first of them met it with, and how far the next tap and its output pixel are.
struct Axis {
  tap: u32,
  taps: u32,
  pixel: i32,
  tap_step: u32,
  pixel_step: i32,
}

struct Walk {
  y: Axis,
  x: Axis,
  step: Tap,
}

fn axis(phase: u32, stride: u32, dilation: u32, padding: u32, window: u32) -> Axis {
  if (STRIDED == 0u) { return Axis(0u, window, i32(padding), 1u, i32(dilation)); }
  var tap_step = 1u;
  while (tap_step * dilation % stride > 0u) { tap_step++; }
  let from_start = i32(phase + padding);
  var tap = 0u;
  while (tap < window && (from_start - i32(tap * dilation)) % i32(stride) != 0) { tap++; }
  let taps = (window - tap + tap_step - 1u) / tap_step;
  let pixel = (from_start - i32(tap * dilation)) / i32(stride);
  return Axis(tap, taps, pixel, tap_step, i32(tap_step * dilation / stride));
}

fn walk_of(batch: u32) -> Walk {
  let phase_y = batch / params.strideX;
  let phase_x = batch - phase_y * params.strideX;
  let y = axis(phase_y, params.strideY, params.dilationY, params.paddingY, params.filterHeight);
  let x = axis(phase_x, params.strideX, params.dilationX, params.paddingX, params.filterWidth);
  return Walk(y, x, tap_at(i32(DEPTH), run_of(params.filters), x.taps));
}

fn places(loads_a: bool, outer: vec4<u32>, k: vec4<i32>, walk: Walk) -> Places {
  var found: Places;
  found.tap = tap_at(k.x, run_of(params.filters), walk.x.taps);
  if (loads_a) {
    let pixels = pixels_at(outer, phase_height(), phase_width());
    found.y = vec4<i32>(pixels.y) + walk.y.pixel;
    found.x = vec4<i32>(pixels.x) + walk.x.pixel;
    let line = vec4<i32>(pixels.image * params.outHeight) + found.y;
    let pixel = line * i32(params.outWidth) + found.x;
    found.first = (pixel * i32(params.filters)) >> vec4<u32>(A_SHIFT);
    found = gradient_at(found, walk);
  } else {
    let tap = walk.y.tap * params.filterWidth + walk.x.tap;
    let channel = tap * params.channels + outer;
    found.first = vec4<i32>(channel * params.filters) >> vec4<u32>(B_SHIFT);
    found = filter_at(found, walk);
  }
  return found;
}

fn next(loads_a: bool, past: Places, walk: Walk) -> Places {
  var found = past;
  found.tap = further(past.tap, walk.step, run_of(params.filters), walk.x.taps);
  if (loads_a) { found = gradient_at(found, walk); } else { found = filter_at(found, walk); }
  return found;
}

fn gradient_at(past: Places, walk: Walk) -> Places {
  var found = past;
  let y = past.tap.y * walk.y.pixel_step;
  let x = i32(past.tap.x) * walk.x.pixel_step;
  let offset = (y * i32(params.outWidth) + x) * i32(params.filters) - i32(past.tap.channel);
  found.at = past.first - (offset >> A_SHIFT);
  found.inside = within(past.y - y, params.outHeight) & within(past.x - x, params.outWidth);
  found.reach = params.filters - 1u - past.tap.channel;
  return found;
}

fn filter_at(past: Places, walk: Walk) -> Places {
  var found = past;
  let row = past.tap.y * i32(walk.y.tap_step * params.filterWidth);
  let tap = row + i32(past.tap.x * walk.x.tap_step);
  let offset = tap * i32(params.channels * params.filters) + i32(past.tap.channel);
  found.at = past.first + (offset >> B_SHIFT);
  found.inside = vec4<bool>(true);
  found.reach = params.filters - 1u - past.tap.channel;
  return found;
}

fn phase_height() -> u32 { return (params.height + params.strideY - 1u) / params.strideY; }
fn phase_width() -> u32 { return (params.width + params.strideX - 1u) / params.strideX; }
fn reduction_of(walk: Walk) -> u32 { return walk.y.taps * walk.x.taps * run_of(params.filters); }
fn result_row(row: u32, batch: u32) -> u32 {
  if (STRIDED == 0u) { return row; }
  let line = row / phase_width();
  let image = line / phase_height();
  let y = (line - image * phase_height()) * params.strideY + batch / params.strideX;
  let x = (row - line * phase_width()) * params.strideX + batch % params.strideX;
  if (y >= params.height || x >= params.width) { return NO_ROW; }
  return (image * params.height + y) * params.width + x;
}
