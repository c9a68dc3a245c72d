// Adds slices up by index, the gradient of gather: indices [n] and updates [outer, n, inner] →
// [outer, size, inner]; an index outside the result is left out.
//
//   indices   2  0  2  1       one invocation owns one or four neighbouring elements
//   updates   ▲     ▲          (`elements`) of slice s, walks over the indices and adds
//   slice 2   └──+──┘          the updates whose index is s, in their order
//
// With WIDE a workgroup's invocations all belong to one slice, so that the search goes the same
// way for all of them; else they are neighbouring elements of the result.
// Per output: 4·n bytes read for the indices, from cache, and 4 for each update; 4 written.
// Deterministic, without atomics.
struct Params {
  slices: u32,
  size: u32,
  given: u32,
  inner: u32,
  groups: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read> updates: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  var slice = group / params.groups;
  var column = (group - slice * params.groups) * WORKGROUP + lane;
  if (WIDE == 0u) {
    let i = group * WORKGROUP + lane;
    slice = i / params.inner;
    column = i - slice * params.inner;
  }
  if (slice >= params.slices) { return; }
  let outer = slice / params.size;
  let own = i32(slice - outer * params.size);
  let start = outer * params.given * params.inner + column;

  // A search in a loop of its own: the body of the outer one runs once an update, not once an
  // index, also on devices that run neighbouring invocations in step.
  var sum = elements();
  var k = 0u;
  loop {
    while (k < params.given && indices[k] != own) { k++; }
    if (k >= params.given) { break; }
    sum += updates[start + k * params.inner];
    k++;
  }
  if (column < params.inner) { result[slice * params.inner + column] = sum; }
}
