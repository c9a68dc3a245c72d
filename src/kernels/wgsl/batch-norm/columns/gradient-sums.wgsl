// Σg and Σg·x̂ of the columns of [R, C], over chunks of `span` rows: → [chunks, C] each, which is [C]
// where one chunk takes all rows; x̂ = (x - mean) / sqrt(variance + epsilon). Completes columns.wgsl.
//
// Per output: 4·span bytes read, 4 written, 2·span operations.
@group(0) @binding(5) var<storage, read_write> shiftGradient: array<elements>;
@group(0) @binding(6) var<storage, read_write> scaleGradient: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let scale = 1.0 / sqrt(variance[column] + params.epsilon);
  let part = part_of(begin, params.columns, rows, mean[column]);
  let result = chunk * params.columns + column;
  shiftGradient[result] = part.sum;
  scaleGradient[result] = part.product * scale;
}
