// Mean and biased variance of the columns of [R, C], over chunks of `span` rows: → [chunks, C] each,
// which is [C] where one chunk takes all rows. Completes columns.wgsl.
//
// The mean of a chunk is the distance from the column's first row, unless it is the whole column.
// Per output: 2·span bytes read, 4 written, 2·span operations.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
}

@group(0) @binding(2) var<storage, read_write> mean: array<elements>;
@group(0) @binding(3) var<storage, read_write> variance: array<elements>;

fn walk(chunk: u32, column: u32, begin: u32, rows: u32) {
  let origin = values_at(column);
  let part = part_of(begin, params.columns, rows, origin);
  var center = part.mean;
  if (rows == params.rows) { center += origin; }
  let result = chunk * params.columns + column;
  mean[result] = center;
  variance[result] = part.spread / f32(rows);
}
