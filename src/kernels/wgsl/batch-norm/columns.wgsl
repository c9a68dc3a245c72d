// The frame of what walks down the columns of [R, C]; columns/ has what completes it.
//
//              ◄───── C ─────►
//   chunk 0    c c c c c c c c    c: `elements`, one or four columns
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of one chunk and
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    walks down its rows; its neighbour the next column.
//                                TOGETHER: so many neighbouring columns, a line of a CPU's cache,
//                                whose sums do not wait for each other
//
// A file in columns/ declares `params` and
//   walk(chunk, column, begin, rows)    the (first) column's first element is at `begin`, the next ones
//                                       `params.columns` apart
// and kernels/element-access.ts `values`, what else there is an element of for each, and the result.
@group(0) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.count) { return; }
  let across = params.columns / TOGETHER;
  let chunk = i / across;
  let column = (i - chunk * across) * TOGETHER;
  let first = chunk * params.span;
  let rows = min(params.span, params.rows - first);
  walk(chunk, column, first * params.columns + column, rows);
}
