// Where each slice's indices begin among the sorted ones, for scatter-add: keys [n] → [size + 1], the last
// of which is where those of the last slice end.
//
//   keys    0 0 2 3      one invocation owns one slice and finds by halving how many keys are lower
//   starts  0 2 2 3 4
//
// Keys are those of sorting/functions/key.wgsl: an index with its highest bit flipped.
// Per slice: log2(n) reads from cache, 4 bytes written.
// Completes each.wgsl.
struct Params {
  count: u32,
  given: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> starts: array<u32>;

fn compute(i: u32) {
  var low = 0u;
  var high = params.given;
  while (low < high) {
    let middle = (low + high) / 2u;
    let is_lower = keys[middle] < (i | 0x80000000u);
    low = select(low, middle + 1u, is_lower);
    high = select(middle, high, is_lower);
  }
  starts[i] = low;
}
