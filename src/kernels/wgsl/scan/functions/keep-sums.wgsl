// All sums, as the op gives them.
@group(0) @binding(2) var<storage, read_write> result: array<scalar>;

fn finish(at: Stretch, sum: scalar, lane: u32) {
  var running = joined(carried(at.block), sum);
  for (var k = at.first; k < at.end; k++) {
    let i = element(at.line, k);
    let next = joined(running, values[i]);
    result[i] = select(next, running, EXCLUSIVE == 1u);
    running = next;
  }
}
