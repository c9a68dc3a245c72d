// Where each window's first maximum is: x [N, H, W, C] → words [N, OH, OW, C], the first pass of the
// gradient of max pooling where windows overlap. One invocation owns one window of one or four
// channels. Per window of k elements: 4·k bytes read, 4 written, 3·k operations.
// Completes each.wgsl.
// kernels/element-access.ts declares `values`.
@group(0) @binding(2) var<storage, read_write> winners: array<words>;

fn compute(i: u32) {
  let own = place(i);
  winners[i] = winner(own.image, own.y, own.x, own.channel);
}
