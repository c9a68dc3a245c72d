// Reduces a strided axis: [outer, size, inner] → [outer, chunks, inner].
//
//              ◄──── inner ────►
//   chunk 0    c c c c c c c c c    c: one element, a vec4 of them, or VECTORS vec4s
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of one chunk and
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    walks down its rows; its neighbour the next column
//   chunk 1    c c c c c c c c c
//
// On a CPU, four vec4s are a line of the cache: whoever fetches it uses all of it.
//
// The axis is cut into chunks of `span` where there are too few columns to keep the device busy.
// Per output: 4·span bytes read, 4 written, span operations. Sizes count columns of that kind.
struct Params {
  outputs: u32,
  chunks: u32,
  size: u32,
  span: u32,
  inner: u32,
  identity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> result: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let output = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (output >= params.outputs) { return; }
  let block = output / params.inner;
  let outer = block / params.chunks;
  let begin = (block - outer * params.chunks) * params.span;
  let rows = min(params.span, params.size - begin);

  var at = ((outer * params.size + begin) * params.inner + output - block * params.inner) * VECTORS;
  var value: array<elements, VECTORS>;
  var worst: array<words, VECTORS>;
  for (var v = 0u; v < VECTORS; v++) { value[v] = elements(bitcast<scalar>(params.identity)); }
  for (var k = 0u; k < rows; k++) {
    for (var v = 0u; v < VECTORS; v++) {
      let next = values_at(at + v);
      value[v] = combine(value[v], next);
      worst[v] = max(worst[v], magnitude(next));
    }
    at += params.inner * VECTORS;
  }
  for (var v = 0u; v < VECTORS; v++) {
    let at = output * VECTORS + v;
    result[at] = ended(at, marked(value[v], worst[v]));
  }
}
