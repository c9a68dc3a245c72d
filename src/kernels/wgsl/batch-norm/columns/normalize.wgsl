// Batch normalization of [R, C] by given statistics: (x - mean) / sqrt(variance + epsilon) · gamma
// + beta. Completes columns.wgsl: what belongs to a column is loaded and divided once a chunk.
//
// Per element: 4 bytes read, 4 written, 3 operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
  epsilon: f32,
}

@group(0) @binding(2) var<storage, read> mean: array<elements>;
@group(0) @binding(3) var<storage, read> variance: array<elements>;
@group(0) @binding(4) var<storage, read> gamma: array<elements>;
@group(0) @binding(5) var<storage, read> beta: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let center = mean[column];
  let scale = gamma[column] / sqrt(variance[column] + params.epsilon);
  let shift = beta[column];
  var at = begin;
  for (var k = 0u; k < rows; k++) {
    store(at, (values_at(at) - center) * scale + shift);
    at += params.columns;
  }
}
