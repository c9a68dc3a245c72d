// Gradient of max pooling where windows do not overlap: x [N, H, W, C] and g [N, OH, OW, C] →
// [N, H, W, C]. One invocation owns a cell of STRIDE_Y × STRIDE_X inputs of one or four channels,
// which holds one window and perhaps a gap:
//
//   w w ·    w: the window; its first maximum gets g, the other inputs of the cell 0
//   w w ·
//   · · ·    EDGES is 0 where the cells are exactly the image and each has its window
//
// Per input: 4 bytes read and a fraction of g, 4 written, 3 operations.
// Completes each.wgsl.
// kernels/element-access.ts declares `values`, `grads` and the result.

fn compute(i: u32) {
  let own = place(i);
  var grad = elements();
  var best = words();
  if (EDGES == 0u || (own.y < params.outHeight && own.x < params.outWidth)) {
    grad = grads_at(output_at(own.image, own.y, own.x, own.channel));
    best = winner(own.image, own.y, own.x, own.channel);
  }
  for (var ky = 0u; ky < STRIDE_Y; ky++) {
    let y = own.y * STRIDE_Y + ky - params.top;
    // Coordinates before the image have wrapped round to huge ones.
    if (EDGES == 1u && y >= params.height) { continue; }
    for (var kx = 0u; kx < STRIDE_X; kx++) {
      let x = own.x * STRIDE_X + kx - params.left;
      if (EDGES == 1u && x >= params.width) { continue; }
      let at = input_at(own.image, y, x, own.channel);
      store(at, select(elements(), grad, best == words(at)));
    }
  }
}
