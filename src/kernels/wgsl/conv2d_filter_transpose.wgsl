// The filter with its last two axes exchanged, so that the input gradient finds the channels of a
// tap next to each other.
//
//   one tap:   filters ──▶                 channels ──▶
//   channels  [ . x . . ]        filters  [ . . . . ]
//      │      [ . x . . ]   ──▶     │     [ x x x x ]
//      ▼      [ . x . . ]           ▼     [ . . . . ]
//             [ . x . . ]
//
// One invocation moves four neighbouring channels (their number is a multiple of four). Per
// element: 4 bytes read, 4 written, no operations but the address.

struct Params {
  vectors: u32,
  channels: u32,
  filters: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> filter_: array<f32>;
@group(0) @binding(2) var<storage, read_write> transposed: array<vec4<f32>>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (i >= params.vectors) { return; }
  let line = i * 4u / params.channels;
  let channel = i * 4u - line * params.channels;
  let tap = line / params.filters;
  var value = vec4<f32>();
  var at = (tap * params.channels + channel) * params.filters + line - tap * params.filters;
  for (var n = 0u; n < 4u; n++) {
    value[n] = filter_[at];
    at += params.filters;
  }
  transposed[i] = value;
}
