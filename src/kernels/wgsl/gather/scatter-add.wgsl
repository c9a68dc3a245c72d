// Adds slices up by index, the gradient of gather: updates [outer, n, inner] → [outer, size, inner]
// in the order that sorts the indices; those outside the result are in no slice's stretch of it.
//
//   order     1  3  0  2       one invocation owns one or four neighbouring elements
//   keys      0  1  2  2       (`elements`) of slice s and adds the updates from starts[s] to before
//   slice 2         └──┘       starts[s + 1], in the order in which they were given
//
// Per output: 4 bytes read for each update and 4 for its place, 4 written. Deterministic, without
// atomics.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  given: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> updates: array<elements>;
@group(0) @binding(4) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let slice = i / params.inner;
  let outer = slice / params.size;
  let own = slice - outer * params.size;
  let first = outer * params.given * params.inner + i - slice * params.inner;
  let end = starts[own + 1u];
  var sum = elements();
  for (var k = starts[own]; k < end; k++) { sum += updates[first + order[k] * params.inner]; }
  result[i] = sum;
}
