// Reduces contiguous rows: [rows, size] → [rows, chunks]. A row is cut into chunks of `span`
// elements where there are too few rows to keep the device busy.
//
//            ◄───── span ─────►
//   row r    [v v v v v v v v v|v v v v v v v v v|v v v v]     v: a vec4
//   lane      0 1 2 … L-1 0 1 …                                L = LANES
//   result    r·chunks         r·chunks + 1
//
// LANES neighbouring invocations own one chunk: lane l takes the vec4s l, l + LANES, …, and sums
// in four separate lanes, which is also what keeps long f32 sums accurate. LANES is 1 on CPUs.
// Per output: 4·span bytes read, 4 written, span operations. Rows need not start at a multiple of
// four elements: unless ALIGNED, elements of neighbouring chunks are masked. kernels/element-access.ts
// declares `values`, as in the other reductions.
struct Params {
  outputs: u32,
  chunks: u32,
  size: u32,
  span: u32,
  identity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> result: array<scalar>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let output = min(own, params.outputs - 1u);
  let row = output / params.chunks;
  let start = row * params.size;
  let begin = start + (output - row * params.chunks) * params.span;
  let end = min(begin + params.span, start + params.size);

  let nothing = elements(bitcast<scalar>(params.identity));
  var value = nothing;
  var worst = words();
  let last = (end + 3u) / 4u;
  for (var v = begin / 4u + (lane & (LANES - 1u)); v < last; v += LANES) {
    var next = values_at(v);
    if (ALIGNED == 0u) {
      let at = vec4<u32>(v * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
      next = select(nothing, next, (at >= vec4<u32>(begin)) & (at < vec4<u32>(end)));
    }
    value = combine(value, next);
    worst = max(worst, magnitude(next));
  }

  let four = of_row(marked(value, worst), lane);
  let two = combine_marked(four, four.zwxy);
  let one = combine_marked(two, two.yxwz);
  if (own < params.outputs && (lane & (LANES - 1u)) == 0u) {
    result[own] = ended(own, one.x);
  }
}
