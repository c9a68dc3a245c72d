// Where in the input the first maximum of a window is, in row-major order, for each channel of
// the `elements`: the number of the element of `values` that holds it. The first NaN is a maximum.
fn winner(image: u32, out_y: u32, out_x: u32, channel: u32) -> words {
  var best = elements();
  var sum = elements();
  var place_of_best = words();
  for (var ky = 0u; ky < WINDOW_Y; ky++) {
    let y = inside(out_y * STRIDE_Y + ky, params.top, params.height);
    for (var kx = 0u; kx < WINDOW_X; kx++) {
      let x = inside(out_x * STRIDE_X + kx, params.left, params.width);
      let at = input_at(image, y, x, channel);
      let next = values_at(at);
      if (kx + ky == 0u) {
        best = next;
        sum = next;
        place_of_best = words(at);
      } else {
        place_of_best = select(place_of_best, words(at), next > best);
        best = max(best, next);
        sum += next;
      }
    }
  }
  if (has_nan(sum)) { place_of_best = first_nan(image, out_y, out_x, channel, place_of_best); }
  return place_of_best;
}

// The same for channels with a NaN, `otherwise` for the others: walks the window backwards. Called
// where the sum is a NaN, which infinities of both signs make it, too.
fn first_nan(image: u32, out_y: u32, out_x: u32, channel: u32, otherwise: words) -> words {
  var place = otherwise;
  for (var ky = WINDOW_Y; ky > 0u; ky--) {
    let y = inside(out_y * STRIDE_Y + ky - 1u, params.top, params.height);
    for (var kx = WINDOW_X; kx > 0u; kx--) {
      let x = inside(out_x * STRIDE_X + kx - 1u, params.left, params.width);
      let at = input_at(image, y, x, channel);
      place = select(place, words(at), magnitude(values_at(at)) > words(0x7f800000u));
    }
  }
  return place;
}
