// Average pooling over the elements inside the image: [N, H, W, C] → [N, OH, OW, C]. One
// invocation owns one output of one or four channels:
//
//   input   e e · ·     e: `elements`; the window is WINDOW_Y × WINDOW_X, its neighbour begins
//           e e · ·     STRIDE further on
//
// Per output, with windows of k elements that do not overlap: 4·k bytes read, 4 written, k
// additions and a division.
// Completes each.wgsl.
// kernels/element-access.ts declares `values` and the result.

fn compute(i: u32) {
  let own = place(i);
  let start_y = own.y * STRIDE_Y;
  let start_x = own.x * STRIDE_X;
  let rows = extent(start_y, WINDOW_Y, params.top, params.height);
  let columns = extent(start_x, WINDOW_X, params.left, params.width);
  let first_y = inside(start_y, params.top, params.height);
  let first_x = inside(start_x, params.left, params.width);
  var sum = elements();
  for (var ky = 0u; ky < rows; ky++) {
    var at = input_at(own.image, first_y + ky, first_x, own.channel);
    for (var kx = 0u; kx < columns; kx++) {
      sum += values_at(at);
      at += params.channels;
    }
  }
  store(i, sum / f32(rows * columns));
}
