// A convolution along lines, for GPUs, where a matmul's tile would be mostly empty along its
// reduction: of an image of a few channels, as first layers have them, and depthwise.
//
//   a line of the output        PIXELS neighbours × 4 filters
//   ┌───────┬───────┬─ …        one invocation owns them: a tap costs it a vec4 of the filter, and
//   │ 4 × 4 │ 4 × 4 │           what of the image the tap before did not see
//   └───────┴───────┴─ …
//
// ACROSS neighbouring invocations take neighbouring filters, so that they store neighbours. Per output:
// 4 bytes written, TAPS / PIXELS numbers of the filter and about as many of the image read, mostly
// from the cache, 2 · TAPS operations, with TAPS = WINDOW_Y · WINDOW_X · CHANNELS of a filter.
//
// Function files read four filters (`functions/four-columns-*.wgsl`) and what they see of a pixel
// (`functions/pixel-of-*.wgsl`). FLIPPED: the filter is turned by half a turn, for the gradient of an
// image.

struct Params {
  runs: u32,
  runsInLine: u32,
  filterTiles: u32,
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  columns: u32,
  top: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

const RUNS = WORKGROUP / ACROSS;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * groups.x;
  let tile = group / params.filterTiles;
  let column = 4u * ((group - tile * params.filterTiles) * ACROSS + lane % ACROSS);
  let run = tile * RUNS + lane / ACROSS;
  if (run >= params.runs || column >= params.columns) { return; }
  let line = run / params.runsInLine;
  let n = line / params.outHeight;
  let first = (run - line * params.runsInLine) * PIXELS;
  let top = (line - n * params.outHeight) * STRIDE_Y - params.top;
  let left = first * STRIDE_X - params.left;

  var sums: array<vec4<f32>, PIXELS>;
  for (var j = 0u; j < WINDOW_Y; j++) {
    // Above the first line and left of the first pixel numbers wrap around, to beyond the last.
    let y = top + j * DILATION_Y;
    if (y >= params.height) { continue; }
    let row = (n * params.height + y) * params.width;
    for (var k = 0u; k < WINDOW_X; k++) {
      let place = j * WINDOW_X + k;
      let tap = select(place, WINDOW_Y * WINDOW_X - 1u - place, FLIPPED == 1u);
      for (var c = 0u; c < CHANNELS; c++) {
        let four = four_columns(tap * CHANNELS + c, column);
        for (var p = 0u; p < PIXELS; p++) {
          let x = left + p * STRIDE_X + k * DILATION_X;
          let there = x < params.width;
          let seen = seen_by(column, select(0u, row + x, there), c);
          sums[p] += select(vec4<f32>(), seen, there) * four;
        }
      }
    }
  }
  let to = (line * params.outWidth + first) * params.columns + column;
  let end = min(PIXELS, params.outWidth - first);
  for (var p = 0u; p < PIXELS; p++) {
    if (p < end) {
      store(to + p * params.columns, column, min(4u, params.columns - column), sums[p]);
    }
  }
}
