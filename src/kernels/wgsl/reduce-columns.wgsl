// Reduces a strided axis: [outer, size, inner] → [outer, chunks, inner].
//
//              ◄──── inner ────►
//   chunk 0    c c c c c c c c c    c: one element, or a vec4 of them
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of one chunk and
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    walks down its rows; its neighbour the next column
//   chunk 1    c c c c c c c c c
//
// The axis is cut into chunks of `span` where there are too few columns to keep the device busy.
// Per output: 4·span bytes read, 4 written, span operations. All sizes count `elements`.
struct Params {
  outputs: u32,
  chunks: u32,
  size: u32,
  span: u32,
  inner: u32,
  identity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<elements>;
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

  var at = (outer * params.size + begin) * params.inner + output - block * params.inner;
  var value = elements(bitcast<scalar>(params.identity));
  var worst = words();
  for (var k = 0u; k < rows; k++) {
    let next = values[at];
    value = combine(value, next);
    worst = max(worst, magnitude(next));
    at += params.inner;
  }
  result[output] = marked(value, worst);
}
