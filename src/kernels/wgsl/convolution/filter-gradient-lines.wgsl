// The gradient of a convolution's filter along lines, for GPUs, where of a matmul's tile most rows
// would be empty: of an image of a few channels, and depthwise.
//
//                  filters ──▶
//   lines of       ┌────┬────┬─ …      LINES × ACROSS invocations: one owns 4 filters under
//   the output     │    │    │         TAP_ROWS rows of taps, all sums in registers, and walks
//                  ├────┼────┼─ …      along every LINES-th line of a stretch of them, PIXELS at a
//                  │    │    │         time
//                  └────┴────┴─ …
//
// A pixel of the gradient is read once and serves all taps; pixels of the image that neighbours share
// are read once for PIXELS of them. The sums of LINES invocations are added up in workgroup memory, in
// order, and stored as the part of one stretch; where there are more, a second pass adds the parts.
// Per pixel and four filters: 16 bytes read, and as many of the image as it has for them, 8
// operations a sum.
//
// Function files read four columns of the gradient (`functions/four-columns-*.wgsl`) and what their
// filters see of a pixel (`functions/pixel-of-*.wgsl`).

struct Params {
  columns: u32,
  filterTiles: u32,
  tapGroups: u32,
  lines: u32,
  linesPerSplit: u32,
  splitStride: u32,
  height: u32,
  width: u32,
  outHeight: u32,
  outWidth: u32,
  top: u32,
  left: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

const LINES = WORKGROUP / ACROSS;

var<workgroup> parts: array<vec4<f32>, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * groups.x;
  let tile = group / params.filterTiles;
  let split = tile / params.tapGroups;
  let first_row = (tile - split * params.tapGroups) * TAP_ROWS;
  let column = 4u * ((group - tile * params.filterTiles) * ACROSS + lane % ACROSS);
  let known_column = min(column, (params.columns - 1u) / 4u * 4u);

  // Each index is a loop's counter and each loop as long as its array: so compilers unroll them all,
  // or the sums would lie in memory.
  var sums: array<array<array<vec4<f32>, CHANNELS>, WINDOW_X>, TAP_ROWS>;
  let end = min((split + 1u) * params.linesPerSplit, params.lines);
  for (var line = split * params.linesPerSplit + lane / ACROSS; line < end; line += LINES) {
    let n = line / params.outHeight;
    let top = (line - n * params.outHeight) * STRIDE_Y - params.top + first_row * DILATION_Y;
    for (var first = 0u; first < params.outWidth; first += PIXELS) {
      var grads: array<vec4<f32>, PIXELS>;
      for (var p = 0u; p < PIXELS; p++) {
        let there = first + p < params.outWidth;
        let pixel = line * params.outWidth + select(0u, first + p, there);
        grads[p] = select(vec4<f32>(), four_columns(pixel, known_column), there);
      }
      let left = first * STRIDE_X - params.left;
      for (var j = 0u; j < TAP_ROWS; j++) {
        // Above the first line and left of the first pixel numbers wrap around, to beyond the last.
        let y = top + j * DILATION_Y;
        let row = (n * params.height + y) * params.width;
        for (var k = 0u; k < WINDOW_X; k++) {
          for (var p = 0u; p < PIXELS; p++) {
            let x = left + p * STRIDE_X + k * DILATION_X;
            let there = y < params.height && x < params.width;
            for (var c = 0u; c < CHANNELS; c++) {
              let seen = seen_by(known_column, select(0u, row + x, there), c);
              sums[j][k][c] += select(vec4<f32>(), seen, there) * grads[p];
            }
          }
        }
      }
    }
  }

  let base = split * params.splitStride + column;
  for (var j = 0u; j < TAP_ROWS; j++) {
    for (var k = 0u; k < WINDOW_X; k++) {
      for (var c = 0u; c < CHANNELS; c++) {
        parts[lane] = sums[j][k][c];
        workgroupBarrier();
        if (lane < ACROSS && column < params.columns && first_row + j < WINDOW_Y) {
          var sum = parts[lane];
          for (var other = 1u; other < LINES; other++) { sum += parts[lane + other * ACROSS]; }
          let row = ((first_row + j) * WINDOW_X + k) * CHANNELS + c;
          store(base + row * params.columns, column, min(4u, params.columns - column), sum);
        }
        workgroupBarrier();
      }
    }
  }
}
