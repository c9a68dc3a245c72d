// What the three directions of a 2-d convolution have in common where matmul/blocked.wgsl computes
// them: a function file. The image is [batch, height, width, channels], the filter [filterHeight,
// filterWidth, channels, filters], the output [batch, outHeight, outWidth, filters].
//
// A reduction over taps and channels, or rows that are taps and channels, count a *run* of channels
// below each tap, rounded up to whole vec4s: four neighbours belong to one tap.

struct Params {
  rows: u32, columns: u32,
  rowTiles: u32, columnTiles: u32, tiles: u32,
  batches: u32, splitStride: u32,
  reduction: u32, reductionPerSplit: u32,
  height: u32, width: u32, channels: u32,
  filterHeight: u32, filterWidth: u32, filters: u32,
  outHeight: u32, outWidth: u32,
  strideY: u32, strideX: u32,
  dilationY: u32, dilationX: u32,
  paddingY: u32, paddingX: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// A place in runs below a window of taps. What lies before the first tap has a negative y.
struct Tap {
  channel: u32,
  x: u32,
  y: i32,
}

fn tap_at(k: i32, run: u32, across: u32) -> Tap {
  let rows_before = select(0u, DEPTH, k < 0);
  let from_there = u32(k + i32(rows_before * run * across));
  let tap = from_there / run;
  let y = tap / across;
  return Tap(from_there - tap * run, tap - y * across, i32(y) - i32(rows_before));
}

fn run_of(channels: u32) -> u32 { return (channels + 3u) / 4u * 4u; }

// Pixels of a [batch, height, width] grid.
struct Pixels {
  image: vec4<u32>,
  y: vec4<u32>,
  x: vec4<u32>,
}

fn pixels_at(index: vec4<u32>, height: u32, width: u32) -> Pixels {
  let line = index / width;
  let image = line / height;
  return Pixels(image, line - image * height, index - line * width);
}

fn within(at: vec4<i32>, size: u32) -> vec4<bool> {
  return vec4<u32>(at) < vec4<u32>(size);
}
