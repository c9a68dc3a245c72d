// Merges the means and variances of chunks of rows, [chunks, 2, C] → [2, C] (Chan, Golub, LeVeque):
// the second pass of columns/statistics, whose means are distances from the first row of `values`.
//
//   chunk 0   m m m m m m …    one invocation owns one or four columns (`elements`) and
//             v v v v v v …    walks over the chunks; all have `span` rows but the last
//   chunk 1   m m m m m m …
//             v v v v v v …
//
// Per column: 8·chunks bytes read, 8 written, 9·chunks operations.
struct Params {
  columns: u32,
  rows: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<elements>;
@group(0) @binding(2) var<storage, read> values: array<elements>;
@group(0) @binding(3) var<storage, read_write> statistics: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let column = (group_id.x + group_id.y * num_groups.x) * WORKGROUP + lane;
  if (column >= params.columns) { return; }
  var at = column;
  var mean = elements();
  var variance = elements();
  for (var seen = 0u; seen < params.rows; seen += params.span) {
    let rows = min(params.span, params.rows - seen);
    let share = f32(rows) / f32(seen + rows);
    let away = parts[at] - mean;
    let other = parts[at + params.columns];
    mean += away * share;
    variance += share * (other - variance + away * away * (1.0 - share));
    at += 2u * params.columns;
  }
  statistics[column] = values[column] + mean;
  statistics[column + params.columns] = variance;
}
