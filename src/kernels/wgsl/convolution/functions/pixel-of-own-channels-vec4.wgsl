// What four filters of a depthwise convolution see of a pixel: four channels, which are a whole vec4. A
// function file.
//
//   pixel  [ . . . . | x x x x | . . . . ]      16 bytes read at once, no operations

@group(0) @binding(1) var<storage, read> image: array<vec4<f32>>;

fn seen_by(column: u32, pixel: u32, channel: u32) -> vec4<f32> {
  return image[(pixel * params.columns + column) >> 2u];
}
