// Sorts blocks of rows, the first pass of a sort: values [outer, size, inner], outer · inner rows → the
// first `kept` keys of each block in order, equal ones as they were, and where they were in the row.
//
//   row    5 1 3 9 │ 2 7 …     one invocation owns one element and counts those of its block that go
//   key    1 3 5 9 │           before it: that is its place in order
//   place  1 2 0 3 │
//
// A workgroup owns BLOCK / span blocks of `span` lanes: several short rows, or a part of a long one.
// Per element: 4 bytes read, 4 or 8 written, `span` comparisons by vec4 in workgroup memory, 1 barrier.
//
// The file that completes it (functions/keep-*.wgsl) says
//   keep(row, at, key, place)    where what is sorted goes
struct Params {
  total: u32,
  blocks: u32,
  span: u32,
  size: u32,
  inner: u32,
  kept: u32,
  length: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<u32>;

// By fours; beyond the end of a row, what goes before nothing.
var<workgroup> keys: array<vec4<u32>, BLOCK / 4u>;

@compute @workgroup_size(BLOCK)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let together = BLOCK / params.span;
  let own = lane / params.span;
  let at = lane - own * params.span;
  let block = group * together + own;
  let row = block / params.blocks;
  let begin = (block - row * params.blocks) * params.span;
  let place = begin + at;
  let exists = own < together && block < params.total && place < params.size;

  let outer = row / params.inner;
  let source = (outer * params.size + place) * params.inner + row - outer * params.inner;
  let key = select(0xffffffffu, key_of(values[select(0u, source, exists)]), exists);
  keys[lane / 4u][lane % 4u] = key;
  workgroupBarrier();
  if (!exists) { return; }

  let first = own * params.span / 4u;
  let fours = (min(params.span, params.size - begin) + 3u) / 4u;
  var before = vec4<u32>();
  for (var four = 0u; four < fours; four++) {
    let others = keys[first + four];
    let is_first = vec4<u32>(four * 4u) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(at);
    let is_equal = others == vec4<u32>(key);
    let is_less = others < vec4<u32>(key);
    before += select(vec4<u32>(), vec4<u32>(1u), is_less | (is_equal & is_first));
  }
  let rank = before.x + before.y + before.z + before.w;
  if (rank < params.kept) { keep(row, begin / params.span * params.kept + rank, key, place); }
}
