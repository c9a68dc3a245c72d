// What every kernel of a depthwise convolution is told: a function file. The image is [batch,
// height, width, channels], the filter [WINDOW_Y, WINDOW_X, 1, channels · MULTIPLIER], the output
// [batch, outHeight, outWidth, channels · MULTIPLIER]. Channels count `elements`: single ones, or
// vec4s of them where MULTIPLIER is 1.
struct Params {
  count: u32,
  height: u32,
  width: u32,
  channels: u32,
  outHeight: u32,
  outWidth: u32,
  lines: u32,
  span: u32,
  top: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

struct Place {
  image: u32,
  y: u32,
  x: u32,
  channel: u32,
}

// Where element `index` of [batch, height, width, channels] lies.
fn place_in(index: u32, height: u32, width: u32, channels: u32) -> Place {
  let pixel = index / channels;
  let line = pixel / width;
  let image = line / height;
  return Place(image, line - image * height, pixel - line * width, index - pixel * channels);
}

// The line of pixels that a tap meets, or one outside: lines above the first wrap around.
fn met(out: u32, stride: u32, tap: u32, dilation: u32, padding: u32) -> u32 {
  return out * stride + tap * dilation - padding;
}
