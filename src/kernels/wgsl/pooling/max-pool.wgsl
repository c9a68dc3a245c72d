// Max pooling: [N, H, W, C] → [N, OH, OW, C]. One invocation owns one output of one or four
// channels:
//
//   input   e e · ·     e: `elements`; the window is WINDOW_Y × WINDOW_X, its neighbour begins
//           e e · ·     STRIDE further on
//
// Padding never wins: coordinates outside the image are moved to its edge, whose elements belong
// to the same window. A NaN does: it makes the window's sum one, too, and such windows are walked
// again. Per output, with windows of k elements that do not overlap: 4·k bytes read, 4 written, 2·k
// operations.
// Completes each.wgsl.
// kernels/element-access.ts declares `values` and the result.

fn compute(i: u32) {
  let own = place(i);
  var best = elements();
  var sum = elements();
  for (var ky = 0u; ky < WINDOW_Y; ky++) {
    let y = inside(own.y * STRIDE_Y + ky, params.top, params.height);
    for (var kx = 0u; kx < WINDOW_X; kx++) {
      let x = inside(own.x * STRIDE_X + kx, params.left, params.width);
      let next = values_at(input_at(own.image, y, x, own.channel));
      if (kx + ky == 0u) {
        best = next;
        sum = next;
      } else {
        best = max(best, next);
        sum += next;
      }
    }
  }
  if (has_nan(sum)) { best = marked(best, worst(own)); }
  store(i, best);
}

// Of a window the largest bits without the sign. Infinities of both signs have a NaN for a sum, too.
fn worst(own: Place) -> words {
  var most = words();
  for (var ky = 0u; ky < WINDOW_Y; ky++) {
    let y = inside(own.y * STRIDE_Y + ky, params.top, params.height);
    for (var kx = 0u; kx < WINDOW_X; kx++) {
      let x = inside(own.x * STRIDE_X + kx, params.left, params.width);
      most = max(most, magnitude(values_at(input_at(own.image, y, x, own.channel))));
    }
  }
  return most;
}
