// Gradient of batch normalization of [R, C] by its own statistics, with sums = Σg and Σg·x̂:
// gamma / σ · (g - Σg / R - x̂ · Σ(g·x̂) / R), σ = sqrt(variance + epsilon), x̂ = (x - mean) / σ.
// Completes columns.wgsl: what belongs to a column is loaded and divided once a chunk.
//
// Per element: 8 bytes read, 4 written, 5 operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
  epsilon: f32,
}

@group(0) @binding(2) var<storage, read> grads: array<elements>;
@group(0) @binding(3) var<storage, read> statistics: array<elements>;
@group(0) @binding(4) var<storage, read> gamma: array<elements>;
@group(0) @binding(5) var<storage, read> sums: array<elements>;
@group(0) @binding(6) var<storage, read_write> result: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let mean = statistics[column];
  let inverse = 1.0 / sqrt(statistics[column + params.columns] + params.epsilon);
  let scale = gamma[column] * inverse;
  let share = 1.0 / f32(params.rows);
  let level = sums[column] * share;
  let slope = sums[column + params.columns] * share * inverse;
  var at = begin;
  for (var k = 0u; k < rows; k++) {
    result[at] = ended(at, scale * (grads[at] - level - (values[at] - mean) * slope));
    at += params.columns;
  }
}
