// The frame of what whole workgroups do with columns of [R, C], for GPUs; whole-columns/ has what
// completes it.
//
//   ◄ COLUMNS ►
//   0  1  2  3     lanes: COLUMNS neighbouring columns (`elements`, one or four each), ROWS of them; one
//   4  5  6  7     invocation takes every ROWS-th row of its column, then the ROWS parts of a column are
//   …              merged in pairs until one is left, and with that the column is walked again
//   0  1  2  3
//   4  5  6  7     One workgroup owns COLUMNS columns. log2(ROWS) + 1 barriers; 8 bytes of workgroup
//   …              memory an invocation and column, and 4 more for moments.
//
// A file in whole-columns/ declares `params` and
//   gathered(column, row)       the Part that an invocation makes of rows `row`, `row + ROWS`, …
//   keep(column, whole)         stores what the whole column comes to
//   walk(column, row, whole)    what becomes of those rows
// a function file merged(a, b), lay(lane, part) and laid(lane) → Part, by workgroup memory, and
// kernels/element-access.ts `values`, what else there is an element of for each, and the result.
@group(0) @binding(0) var<uniform> params: Params;

const ROWS = WORKGROUP / COLUMNS;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group_id.x + group_id.y * num_groups.x) * COLUMNS;
  if (first >= params.columns) { return; }
  let column = first + lane % COLUMNS;
  let row = lane / COLUMNS;
  var own = gathered(min(column, params.columns - 1u), row);
  lay(lane, own);
  for (var half = ROWS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half * COLUMNS) {
      own = merged(own, laid(lane + half * COLUMNS));
      lay(lane, own);
    }
  }
  workgroupBarrier();
  if (column >= params.columns) { return; }
  let whole = laid(lane % COLUMNS);
  if (row == 0u) { keep(column, whole); }
  walk(column, row, whole);
}
