// Mean and biased variance of the columns of [R, C], over chunks of `span` rows:
// → [chunks, 2, C], which is [2, C] where one chunk takes all rows.
//
//              ◄───── C ─────►
//   chunk 0    c c c c c c c c    c: `elements`, one or four columns
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of one chunk and
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    walks down its rows; its neighbour the next column
//
// Welford's recurrence: exact also where the mean is far larger than the deviation. Per output:
// 2·span bytes read, 4 written, 5·span / 2 operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<elements>;
@group(0) @binding(2) var<storage, read_write> statistics: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (i >= params.count) { return; }
  let chunk = i / params.columns;
  let column = i - chunk * params.columns;
  let begin = chunk * params.span;
  let rows = min(params.span, params.rows - begin);

  var at = begin * params.columns + column;
  var mean = elements();
  var squares = elements();
  for (var k = 0u; k < rows; k++) {
    let away = values[at] - mean;
    mean += away * (1.0 / f32(k + 1u));
    squares += away * (values[at] - mean);
    at += params.columns;
  }
  let result = chunk * 2u * params.columns + column;
  statistics[result] = mean;
  statistics[result + params.columns] = squares / f32(rows);
}
