// Gradient of max pooling where windows overlap: x [N, H, W, C] and g [N, OH, OW, C] → [N, H, W, C].
// One invocation owns one input of one or four channels and visits the windows it is in:
//
//   windows  ┌───┬─┬───┐      COVER_Y × COVER_X of them at most; of each it looks for the
//            │   │e│   │      first maximum and takes the window's g if that is its own
//            └───┴─┴───┘
//
// Per input, with windows of k elements and c windows over it: 4·c·(k + 1) bytes read, mostly from
// cache, 4 written, 3·c·k operations. Sums in a fixed order and needs no atomics.
@group(0) @binding(1) var<storage, read> values: array<elements>;
@group(0) @binding(2) var<storage, read> grads: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.count) { return; }
  let own = place(i);
  let y = own.y + params.top;
  let x = own.x + params.left;
  var sum = elements();
  for (var j = 0u; j < COVER_Y; j++) {
    let out_y = y / STRIDE_Y - j;
    if (y / STRIDE_Y < j || out_y >= params.out_height || out_y * STRIDE_Y + WINDOW_Y <= y) { continue; }
    for (var k = 0u; k < COVER_X; k++) {
      let out_x = x / STRIDE_X - k;
      if (x / STRIDE_X < k || out_x >= params.out_width || out_x * STRIDE_X + WINDOW_X <= x) { continue; }
      let grad = grads[output_at(own.image, out_y, out_x, own.channel)];
      sum += select(elements(), grad, winner(own.image, out_y, out_x, own.channel) == words(i));
    }
  }
  result[i] = sum;
}
