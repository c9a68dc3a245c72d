// Mean and biased variance of the columns of [R, C], over chunks of `span` rows:
// → [chunks, 2, C], which is [2, C] where one chunk takes all rows. Completes columns.wgsl.
//
// Welford's recurrence, on distances from the column's first row: rounded like the deviation, not like
// the mean. Means of chunks that are to be merged stay such distances. Per output: 2·span bytes read,
// 4 written, 3·span operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
}

@group(0) @binding(2) var<storage, read_write> statistics: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let origin = values[column];
  var at = begin;
  var mean = elements();
  var squares = elements();
  for (var k = 0u; k < rows; k++) {
    let value = values[at] - origin;
    let away = value - mean;
    mean += away * (1.0 / f32(k + 1u));
    squares += away * (value - mean);
    at += params.columns;
  }
  let result = chunk * 2u * params.columns + column;
  if (rows == params.rows) { mean += origin; }
  statistics[result] = mean;
  statistics[result + params.columns] = squares / f32(rows);
}
