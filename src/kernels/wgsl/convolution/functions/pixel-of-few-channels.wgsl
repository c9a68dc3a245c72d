// What four filters see of a pixel that has CHANNELS channels: one of them, the same to all. A function
// file.
//
//   pixel  [ . x . ]      4 bytes read, no operations

@group(0) @binding(1) var<storage, read> image: array<f32>;

fn seen_by(column: u32, pixel: u32, channel: u32) -> vec4<f32> {
  return vec4<f32>(image[pixel * CHANNELS + channel]);
}
