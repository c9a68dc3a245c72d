// Σg and Σg·x̂ of the columns of [R, C], over chunks of `span` rows: → [chunks, 2, C], which is
// [2, C] where one chunk takes all rows; x̂ = (x - mean) / sqrt(variance + epsilon).
//
//              ◄───── C ─────►
//   chunk 0    c c c c c c c c    c: `elements`, one or four columns
//   (span      ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    one invocation owns a column of one chunk and
//    rows)     ↓ ↓ ↓ ↓ ↓ ↓ ↓ ↓    walks down its rows; its neighbour the next column
//
// Per output: 4·span bytes read, 4 written, 2·span operations.
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
@group(0) @binding(4) var<storage, read_write> sums: array<elements>;

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
  let scale = 1.0 / sqrt(statistics[column + params.columns] + params.epsilon);
  var at = begin * params.columns + column;
  var sum = elements();
  var product = elements();
  for (var k = 0u; k < rows; k++) {
    let grad = grads[at];
    sum += grad;
    product += grad * (values[at] - mean);
    at += params.columns;
  }
  let result = chunk * 2u * params.columns + column;
  sums[result] = sum;
  sums[result + params.columns] = product * scale;
}
