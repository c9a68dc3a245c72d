// Gradient of average pooling: g [N, OH, OW, C] → [N, H, W, C]. One invocation owns one input of
// one or four channels and visits the windows it is in, COVER_Y × COVER_X of them at most:
//
//   windows  ┌───┬─┬───┐      of each it takes g divided by the number of elements that the
//            │   │e│   │      window has inside the image
//            └───┴─┴───┘
//
// Per input, with c windows over it: 4·c bytes read, 4 written, 2·c operations. Sums in a fixed
// order and needs no atomics.
// Completes each.wgsl.
// kernels/element-access.ts declares `grads` and the result.

fn compute(i: u32) {
  let own = place(i);
  let y = own.y + params.top;
  let x = own.x + params.left;
  var sum = elements();
  for (var j = 0u; j < COVER_Y; j++) {
    let out_y = y / STRIDE_Y - j;
    if (y / STRIDE_Y < j || out_y >= params.outHeight || out_y * STRIDE_Y + WINDOW_Y <= y) { continue; }
    let rows = extent(out_y * STRIDE_Y, WINDOW_Y, params.top, params.height);
    for (var k = 0u; k < COVER_X; k++) {
      let out_x = x / STRIDE_X - k;
      if (x / STRIDE_X < k || out_x >= params.outWidth || out_x * STRIDE_X + WINDOW_X <= x) { continue; }
      let columns = extent(out_x * STRIDE_X, WINDOW_X, params.left, params.width);
      sum += grads_at(output_at(own.image, out_y, out_x, own.channel)) / f32(rows * columns);
    }
  }
  store(i, sum);
}
