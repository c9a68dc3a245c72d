// Gradient of max pooling where windows overlap, from where each window's maximum is: winners and
// g [N, OH, OW, C] → [N, H, W, C]. One invocation owns a cell of STRIDE_Y × STRIDE_X inputs of one or
// four channels, all of which are in the same windows, those that begin in it or before:
//
//   windows  ┌───┬─┬───┐      COVER_Y × COVER_X of them; an input takes the g of those whose
//            │   │e│   │      winner it is. EDGES is 0 where the cells are exactly the image
//            └───┴─┴───┘
//
// Per cell with c windows over it: 8·c bytes read, mostly from cache; per input 4 written, 2·c operations.
// Sums in a fixed order and needs no atomics.
// Completes each.wgsl.
// kernels/element-access.ts declares `grads` and the result.
@group(0) @binding(1) var<storage, read> winners: array<words>;

fn compute(i: u32) {
  let own = place(i);
  // Coordinates before the image wrap round to huge ones.
  let top = own.y * STRIDE_Y - params.top;
  let left = own.x * STRIDE_X - params.left;
  var sums: array<array<elements, STRIDE_X>, STRIDE_Y>;
  for (var j = 0u; j < COVER_Y; j++) {
    let out_y = own.y - j;
    for (var k = 0u; k < COVER_X; k++) {
      let out_x = own.x - k;
      // Windows before the first have wrapped round; an input behind a window's end is not its winner.
      if (out_y < params.outHeight && out_x < params.outWidth) {
        let at = output_at(own.image, out_y, out_x, own.channel);
        let grad = grads_at(at);
        let best = winners[at];
        for (var y = 0u; y < STRIDE_Y; y++) {
          for (var x = 0u; x < STRIDE_X; x++) {
            let input = words(input_at(own.image, top + y, left + x, own.channel));
            sums[y][x] += select(elements(), grad, best == input);
          }
        }
      }
    }
  }
  for (var y = 0u; y < STRIDE_Y; y++) {
    for (var x = 0u; x < STRIDE_X; x++) {
      if (EDGES == 1u && (top + y >= params.height || left + x >= params.width)) { continue; }
      store(input_at(own.image, top + y, left + x, own.channel), sums[y][x]);
    }
  }
}
