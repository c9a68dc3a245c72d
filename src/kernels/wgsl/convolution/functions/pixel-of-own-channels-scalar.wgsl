// What four filters of a depthwise convolution see of a pixel: each its own channel, which it shares
// with MULTIPLIER - 1 neighbours. Those behind the last filter repeat it. A function file.
//
//   pixel  [ . . x x x x . ]      4 bytes read at a time, no operations

@group(0) @binding(1) var<storage, read> image: array<f32>;

fn seen_by(column: u32, pixel: u32, channel: u32) -> vec4<f32> {
  let columns = min(column + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u));
  let at = pixel * (params.columns / MULTIPLIER) + columns / MULTIPLIER;
  return vec4<f32>(image[at.x], image[at.y], image[at.z], image[at.w]);
}
