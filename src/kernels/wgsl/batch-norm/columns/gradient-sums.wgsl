// Σg and Σg·x̂ of the columns of [R, C], over chunks of `span` rows: → [chunks, 2, C], which is
// [2, C] where one chunk takes all rows; x̂ = (x - mean) / sqrt(variance + epsilon). Completes
// columns.wgsl.
//
// Per output: 4·span bytes read, 4 written, 2·span operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
  epsilon: f32,
}

@group(0) @binding(2) var<storage, read> grads: array<elements>;
@group(0) @binding(3) var<storage, read> statistics: array<elements>;
@group(0) @binding(4) var<storage, read_write> sums: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let mean = statistics[column];
  let scale = 1.0 / sqrt(statistics[column + params.columns] + params.epsilon);
  var at = begin;
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
