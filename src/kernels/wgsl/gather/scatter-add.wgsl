// Adds slices up by index, the gradient of gather: updates [outer, n, inner] → [outer, size, inner]
// along the chains of scatter-chain; indices outside the result are in no slice's chain.
//
//   indices   2  0  2  1       one invocation owns one or four neighbouring elements
//   updates   ▲     ▲          (`elements`) of slice s and adds the updates of its chain,
//   slice 2   └──+──┘          which are in order
//
// Per output: 4 bytes read for each update and 4 for its link, 4 written. Deterministic, without
// atomics.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  given: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> chain: array<u32>;
@group(0) @binding(2) var<storage, read> updates: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let slice = i / params.inner;
  let outer = slice / params.size;
  let start = outer * params.given * params.inner + i - slice * params.inner;
  var sum = elements();
  var k = chain[slice - outer * params.size];
  while (k < params.given) {
    sum += updates[start + k * params.inner];
    k = chain[params.size + k];
  }
  result[i] = sum;
}
