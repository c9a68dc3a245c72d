// Gradient of batch normalization of [R, C] by its own statistics, with sums = Σg and Σg·x̂:
// gamma / σ · (g - Σg / R - x̂ · Σ(g·x̂) / R), σ = sqrt(variance + epsilon), x̂ = (x - mean) / σ.
//
//              ◄───── C ─────►
//   chunk 0    c c c c c c c c    c: `elements`, one or four columns
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of `span` rows, so that the
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    numbers of a column are loaded and divided once
//
// Per element: 8 bytes read, 4 written, 5 operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<elements>;
@group(0) @binding(2) var<storage, read> grads: array<elements>;
@group(0) @binding(3) var<storage, read> statistics: array<elements>;
@group(0) @binding(4) var<storage, read> gamma: array<elements>;
@group(0) @binding(5) var<storage, read> sums: array<elements>;
@group(0) @binding(6) var<storage, read_write> result: array<elements>;

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

  let mean = statistics[column];
  let inverse = 1.0 / sqrt(statistics[column + params.columns] + params.epsilon);
  let scale = gamma[column] * inverse;
  let share = 1.0 / f32(params.rows);
  let level = sums[column] * share;
  let slope = sums[column + params.columns] * share * inverse;
  var at = begin * params.columns + column;
  for (var k = 0u; k < rows; k++) {
    result[at] = scale * (grads[at] - level - (values[at] - mean) * slope);
    at += params.columns;
  }
}
