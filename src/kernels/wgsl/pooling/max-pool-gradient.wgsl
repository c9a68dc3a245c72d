// Gradient of max pooling where windows overlap, from where each window's maximum is: winners and
// g [N, OH, OW, C] → [N, H, W, C]. One invocation owns one input of one or four channels and
// visits the windows it is in:
//
//   windows  ┌───┬─┬───┐      COVER_Y × COVER_X of them at most; it takes the g of those
//            │   │e│   │      whose winner it is
//            └───┴─┴───┘
//
// Per input with c windows over it: 8·c bytes read, mostly from cache, 4 written, 2·c operations.
// Sums in a fixed order and needs no atomics.
// Completes each.wgsl.
// kernels/element-access.ts declares `grads` and the result.
@group(0) @binding(1) var<storage, read> winners: array<words>;

fn compute(i: u32) {
  let own = place(i);
  // The last window that begins at or before this input; those before it come after in the loops.
  let last_y = (own.y + params.top) / STRIDE_Y;
  let last_x = (own.x + params.left) / STRIDE_X;
  var sum = elements();
  for (var j = 0u; j < COVER_Y; j++) {
    let out_y = last_y - j;
    for (var k = 0u; k < COVER_X; k++) {
      let out_x = last_x - k;
      // Windows before the first have wrapped round to huge coordinates; those that end before
      // this input have another winner.
      if (out_y < params.outHeight && out_x < params.outWidth) {
        let at = output_at(own.image, out_y, out_x, own.channel);
        sum += select(elements(), grads_at(at), winners[at] == words(i));
      }
    }
  }
  store(i, sum);
}
