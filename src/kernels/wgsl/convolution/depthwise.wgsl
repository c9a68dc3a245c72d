// Depthwise convolution: each channel by itself. One invocation owns one output of one or four
// channels and visits its window:
//
//   image  ┌─┬─┬─┐      filter  ┌─┬─┬─┐      MULTIPLIER outputs read the same channel, each with
//          ├─┼─┼─┤   ×          ├─┼─┼─┤      a filter of its own
//          └─┴─┴─┘              └─┴─┴─┘
//
// Per output, with t taps: 8·t bytes read, 4 written, 2·t operations.
// Completes each.wgsl.
@group(0) @binding(1) var<storage, read> image: array<elements>;
@group(0) @binding(2) var<storage, read> filters: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let outputs = params.channels * MULTIPLIER;
  let own = place_in(i, params.outHeight, params.outWidth, outputs);
  let channel = own.channel / MULTIPLIER;
  var sum = elements();
  for (var j = 0u; j < WINDOW_Y; j++) {
    let y = met(own.y, STRIDE_Y, j, DILATION_Y, params.top);
    if (y >= params.height) { continue; }
    let line = (own.image * params.height + y) * params.width;
    for (var k = 0u; k < WINDOW_X; k++) {
      let x = met(own.x, STRIDE_X, k, DILATION_X, params.left);
      if (x >= params.width) { continue; }
      let tap = filters[(j * WINDOW_X + k) * outputs + own.channel];
      sum += image[(line + x) * params.channels + channel] * tap;
    }
  }
  result[i] = ended(i, sum);
}
