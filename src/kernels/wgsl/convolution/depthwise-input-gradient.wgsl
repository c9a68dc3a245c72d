// The image's gradient of a depthwise convolution. One invocation owns one element of one or four
// channels and visits the outputs that have read it:
//
//   outputs  ┌───┬─┬───┐      tap j of the window at output o has read line o·STRIDE + j·DILATION,
//            │   │e│   │      so that at most one output met it with each tap
//            └───┴─┴───┘
//
// Per element, with t outputs: 8·t bytes read, 4 written, 2·t operations.
// Completes each.wgsl.
@group(0) @binding(1) var<storage, read> grads: array<elements>;
@group(0) @binding(2) var<storage, read> filters: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

// The output that met this line with a tap; beyond all of them where there is none.
fn meeting(at: u32, stride: u32, tap: u32, dilation: u32, padding: u32) -> u32 {
  let from_start = at + padding - tap * dilation;
  let out = from_start / stride;
  return select(0xffffffffu, out, out * stride == from_start);
}

fn compute(i: u32) {
  let own = place_in(i, params.height, params.width, params.channels);
  let outputs = params.channels * MULTIPLIER;
  var sum = elements();
  for (var j = 0u; j < WINDOW_Y; j++) {
    let y = meeting(own.y, STRIDE_Y, j, DILATION_Y, params.top);
    if (y >= params.outHeight) { continue; }
    let line = (own.image * params.outHeight + y) * params.outWidth;
    for (var k = 0u; k < WINDOW_X; k++) {
      let x = meeting(own.x, STRIDE_X, k, DILATION_X, params.left);
      if (x >= params.outWidth) { continue; }
      let tap = (j * WINDOW_X + k) * outputs;
      for (var m = 0u; m < MULTIPLIER; m++) {
        let output = own.channel * MULTIPLIER + m;
        sum += grads[(line + x) * outputs + output] * filters[tap + output];
      }
    }
  }
  result[i] = ended(i, sum);
}
