// A copy of images with zeros around them, for convolutions of few channels, which would look at
// the edge for every few elements.
//
//   [images · height, line]   ──▶   0 0 0 0 0 0 0
//                                   0 [ line  ] 0     line = width · channels
//                                   0 [ line  ] 0
//                                   0 0 0 0 0 0 0
//
// One invocation owns a line of the copy. Per element: at most 4 bytes read, 4 written.

struct Params {
  lines: u32,
  height: u32,
  line: u32,
  top: u32,
  left: u32,
  paddedHeight: u32,
  paddedLine: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> image: array<f32>;
@group(0) @binding(2) var<storage, read_write> padded: array<f32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let own = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (own >= params.lines) { return; }
  let n = own / params.paddedHeight;
  let y = own - n * params.paddedHeight;
  let inside = y >= params.top && y < params.top + params.height;
  let length = select(0u, params.line, inside);
  var to = own * params.paddedLine;
  let end = to + params.paddedLine;
  let first = select(end, to + params.left, inside);
  for (; to < first; to++) { padded[to] = 0.0; }
  var source = (n * params.height + y - params.top) * params.line;
  let last = to + length;
  for (; to < last; to++) {
    padded[to] = image[source];
    source++;
  }
  for (; to < end; to++) { padded[to] = 0.0; }
}
