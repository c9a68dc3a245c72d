// Takes slices of bytes by index: x [outer, size, inner] and indices [n] → [outer, n, inner], four
// bytes to a word, where slices are not whole words; an index outside x gives zeros.
//
//   result  [b b b|b b b|b b b|…]    one invocation owns a word: four bytes, which may be
//            └─word─┘└─word─┘        of different slices
//
// Per word: four words and indices read, 4 bytes written, eight divisions.
struct Params {
  count: u32,
  size: u32,
  taken: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read> indices: array<i32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= (params.count + 3u) / 4u) { return; }
  var word = 0u;
  for (var k = 0u; k < 4u; k++) {
    let byte = min(i * 4u + k, params.count - 1u);
    let slice = byte / params.inner;
    let outer = slice / params.taken;
    let index = u32(indices[slice - outer * params.taken]);
    if (index < params.size) {
      let at = (outer * params.size + index) * params.inner + byte - slice * params.inner;
      word |= ((values[at / 4u] >> ((at & 3u) * 8u)) & 255u) << (k * 8u);
    }
  }
  result[i] = word;
}
