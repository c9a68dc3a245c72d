// Where in the input the first maximum of a window is, in row-major order, for each channel of
// the `elements`: the number of the element of `values` that holds it.
fn winner(image: u32, out_y: u32, out_x: u32, channel: u32) -> words {
  var best = elements();
  var place_of_best = words();
  for (var ky = 0u; ky < WINDOW_Y; ky++) {
    let y = inside(out_y * STRIDE_Y + ky, params.top, params.height);
    for (var kx = 0u; kx < WINDOW_X; kx++) {
      let x = inside(out_x * STRIDE_X + kx, params.left, params.width);
      let at = input_at(image, y, x, channel);
      let next = values[at];
      if (kx + ky == 0u) {
        best = next;
        place_of_best = words(at);
      } else {
        place_of_best = select(place_of_best, words(at), next > best);
        best = max(best, next);
      }
    }
  }
  return place_of_best;
}
