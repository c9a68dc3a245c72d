// Gradient of batch normalization of [R, C] by its own statistics, with sums = Σg and Σg·x̂:
// gamma / σ · (g - Σg / R - x̂ · Σ(g·x̂) / R), σ = sqrt(variance + epsilon), x̂ = (x - mean) / σ.
// Completes columns.wgsl: what belongs to a column is loaded and divided once a chunk.
//
// Per element: 8 bytes read, 4 written, 5 operations.
@group(0) @binding(5) var<storage, read> gamma: array<elements>;
@group(0) @binding(6) var<storage, read> shiftGradient: array<elements>;
@group(0) @binding(7) var<storage, read> scaleGradient: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let center = mean[column];
  let inverse = 1.0 / sqrt(variance[column] + params.epsilon);
  let scale = gamma[column] * inverse;
  let share = 1.0 / f32(params.rows);
  let level = shiftGradient[column] * share;
  let slope = scaleGradient[column] * share * inverse;
  var at = begin;
  for (var k = 0u; k < rows; k++) {
    store(at, scale * (grads_at(at) - level - (values_at(at) - center) * slope));
    at += params.columns;
  }
}
