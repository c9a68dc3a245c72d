// Takes slices by index: x [outer, size, inner] and indices [n] → [outer, n, inner], as words
// whatever the dtype; an index outside x gives zeros.
//
//   x       [· · · ·]  ◄ indices[k]      one invocation owns one word, or a vec4 of them
//   result  [w w w w]  row k             (`elements`), of a slice of `inner`
//
// Per word: 4 bytes read and an index, 4 written, two divisions.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  taken: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<elements>;
@group(0) @binding(2) var<storage, read> indices: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let slice = i / params.inner;
  let outer = slice / params.taken;
  let index = u32(indices[slice - outer * params.taken]);
  var value = elements();
  if (index < params.size) {
    value = values[(outer * params.size + index) * params.inner + i - slice * params.inner];
  }
  result[i] = value;
}
