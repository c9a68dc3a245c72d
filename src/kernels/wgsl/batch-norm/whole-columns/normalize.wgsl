// Batch normalization of [R, C] by its own statistics, which are stored, too: mean and biased variance
// of each column, then (x - mean) / sqrt(variance + epsilon) · gamma + beta. Completes
// whole-columns.wgsl.
//
// Per element: 8 bytes read, half of them a second time, 4 written, 6 operations.
struct Params {
  columns: u32,
  rows: u32,
  epsilon: f32,
}

@group(0) @binding(2) var<storage, read> gamma: array<elements>;
@group(0) @binding(3) var<storage, read> beta: array<elements>;
@group(0) @binding(4) var<storage, read_write> mean: array<elements>;
@group(0) @binding(5) var<storage, read_write> variance: array<elements>;

fn gathered(column: u32, row: u32) -> Part {
  let rows = (params.rows + ROWS - 1u - row) / ROWS;
  return part_of(row * params.columns + column, ROWS * params.columns, rows, values_at(column));
}

fn keep(column: u32, whole: Part) {
  mean[column] = values_at(column) + whole.mean;
  variance[column] = whole.spread / f32(params.rows);
}

fn walk(column: u32, row: u32, whole: Part) {
  let center = values_at(column) + whole.mean;
  let scale = gamma[column] / sqrt(whole.spread / f32(params.rows) + params.epsilon);
  let shift = beta[column];
  let end = params.rows * params.columns;
  for (var at = row * params.columns + column; at < end; at += ROWS * params.columns) {
    store(at, (values_at(at) - center) * scale + shift);
  }
}
