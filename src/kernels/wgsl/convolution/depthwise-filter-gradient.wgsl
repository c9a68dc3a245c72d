// The filter's gradient of a depthwise convolution, a partial sum for each chunk of lines of the
// output: [chunks, WINDOW_Y, WINDOW_X, channels · MULTIPLIER].
//
//   chunk 0   ┌─────────────┐      one invocation owns one tap of one or four channels in one
//             │ span lines  │      chunk and walks over all its pixels, in the output and, shifted
//   chunk 1   ├─────────────┤      by the tap, in the image
//
// Per partial sum, with p pixels: 8·p bytes read, 4 written, 2·p operations.
// Completes each.wgsl.
@group(0) @binding(1) var<storage, read> image: array<elements>;
@group(0) @binding(2) var<storage, read> grads: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let outputs = params.channels * MULTIPLIER;
  let own = place_in(i, WINDOW_Y, WINDOW_X, outputs); // .image: the chunk, .y and .x: the tap
  let channel = own.channel / MULTIPLIER;
  let end = min((own.image + 1u) * params.span, params.lines);
  var sum = elements();
  for (var line = own.image * params.span; line < end; line++) {
    let batch = line / params.outHeight;
    let y = met(line - batch * params.outHeight, STRIDE_Y, own.y, DILATION_Y, params.top);
    if (y >= params.height) { continue; }
    let row = (batch * params.height + y) * params.width;
    for (var out_x = 0u; out_x < params.outWidth; out_x++) {
      let x = met(out_x, STRIDE_X, own.x, DILATION_X, params.left);
      if (x >= params.width) { continue; }
      let grad = grads[(line * params.outWidth + out_x) * outputs + own.channel];
      sum += image[(row + x) * params.channels + channel] * grad;
    }
  }
  result[i] = ended(i, sum);
}
