// Gradient of batch normalization of [R, C] by its own statistics, with sums = Σg and Σg·x̂, which are
// stored, too: gamma / σ · (g - Σg / R - x̂ · Σ(g·x̂) / R), σ = sqrt(variance + epsilon),
// x̂ = (x - mean) / σ. Completes whole-columns.wgsl.
//
// Per element: 16 bytes read, half of them a second time, 4 written, 8 operations.
struct Params {
  columns: u32,
  rows: u32,
  epsilon: f32,
}

@group(0) @binding(3) var<storage, read> mean: array<elements>;
@group(0) @binding(4) var<storage, read> variance: array<elements>;
@group(0) @binding(5) var<storage, read> gamma: array<elements>;
@group(0) @binding(6) var<storage, read_write> shiftGradient: array<elements>;
@group(0) @binding(7) var<storage, read_write> scaleGradient: array<elements>;

fn inverse_deviation(column: u32) -> elements {
  return 1.0 / sqrt(variance[column] + params.epsilon);
}

fn gathered(column: u32, row: u32) -> Part {
  let rows = (params.rows + ROWS - 1u - row) / ROWS;
  return part_of(row * params.columns + column, ROWS * params.columns, rows, mean[column]);
}

fn keep(column: u32, whole: Part) {
  shiftGradient[column] = whole.sum;
  scaleGradient[column] = whole.product * inverse_deviation(column);
}

fn walk(column: u32, row: u32, whole: Part) {
  let center = mean[column];
  let inverse = inverse_deviation(column);
  let scale = gamma[column] * inverse;
  let share = 1.0 / f32(params.rows);
  let level = whole.sum * share;
  let slope = whole.product * share * inverse * inverse;
  let end = params.rows * params.columns;
  for (var at = row * params.columns + column; at < end; at += ROWS * params.columns) {
    store(at, scale * (grads_at(at) - level - (values_at(at) - center) * slope));
  }
}
