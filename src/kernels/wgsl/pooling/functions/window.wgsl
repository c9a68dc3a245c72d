// What the pooling kernels share: images [N, H, W, C] and windows [N, OH, OW, C], with channels in
// `elements` of one or four. The size and the step of a window are constants; PADDED is 0 where no
// window reaches over the edge of its image.
struct Params {
  count: u32,
  channels: u32,
  gridHeight: u32,
  gridWidth: u32,
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  top: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// What an invocation owns: a place of a grid of gridHeight × gridWidth an image.
struct Place {
  channel: u32,
  x: u32,
  y: u32,
  image: u32,
}

fn place(i: u32) -> Place {
  let pixel = i / params.channels;
  let row = pixel / params.gridWidth;
  let image = row / params.gridHeight;
  return Place(
    i - pixel * params.channels,
    pixel - row * params.gridWidth,
    row - image * params.gridHeight,
    image,
  );
}

// An input coordinate from one of the padded image; those outside become the nearest inside.
fn inside(padded: u32, before: u32, size: u32) -> u32 {
  if (PADDED == 0u) { return padded; }
  return min(max(padded, before) - before, size - 1u);
}

fn input_at(image: u32, y: u32, x: u32, channel: u32) -> u32 {
  return ((image * params.height + y) * params.width + x) * params.channels + channel;
}

fn output_at(image: u32, y: u32, x: u32, channel: u32) -> u32 {
  return ((image * params.outHeight + y) * params.outWidth + x) * params.channels + channel;
}

// How many of a window's coordinates along an axis are inside the image.
fn extent(start: u32, window: u32, before: u32, size: u32) -> u32 {
  if (PADDED == 0u) { return window; }
  let end = max(start + window, before) - before;
  return min(end, size) - min(max(start, before) - before, size);
}
