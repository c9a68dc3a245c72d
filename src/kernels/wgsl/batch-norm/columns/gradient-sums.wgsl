// Σg and Σg·x̂ of the columns of [R, C], over chunks of `span` rows: → [chunks, C] each, which is [C]
// where one chunk takes all rows; x̂ = (x - mean) / sqrt(variance + epsilon). Completes columns.wgsl,
// with TOGETHER columns an invocation.
//
// Per output: 4·span bytes read, 4 written, 2·span operations.
@group(0) @binding(5) var<storage, read_write> shiftGradient: array<elements>;
@group(0) @binding(6) var<storage, read_write> scaleGradient: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  var centers: array<elements, TOGETHER>;
  for (var c = 0u; c < TOGETHER; c++) { centers[c] = mean[column + c]; }
  var sums: array<elements, TOGETHER>;
  var products: array<elements, TOGETHER>;
  var at = begin;
  for (var k = 0u; k < rows; k++) {
    for (var c = 0u; c < TOGETHER; c++) {
      let grad = grads_at(at + c);
      sums[c] += grad;
      products[c] += grad * (values_at(at + c) - centers[c]);
    }
    at += params.columns;
  }
  let result = chunk * params.columns + column;
  for (var c = 0u; c < TOGETHER; c++) {
    shiftGradient[result + c] = sums[c];
    scaleGradient[result + c] = products[c] / sqrt(variance[column + c] + params.epsilon);
  }
}
