// Mean and biased variance of the columns of [R, C], over chunks of `span` rows: → [chunks, C] each,
// which is [C] where one chunk takes all rows. Completes columns.wgsl,
// with TOGETHER columns an invocation.
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
  var origins: array<elements, TOGETHER>;
  var parts: array<Part, TOGETHER>;
  for (var c = 0u; c < TOGETHER; c++) { origins[c] = values_at(column + c); }
  var at = begin;
  for (var seen = 0u; seen < rows; seen += BLOCK) {
    let count = min(BLOCK, rows - seen);
    var firsts: array<elements, TOGETHER>;
    var sums: array<elements, TOGETHER>;
    var squares: array<elements, TOGETHER>;
    for (var c = 0u; c < TOGETHER; c++) {
      firsts[c] = values_at(at + c);
      // Said, since not every driver zeroes what a loop declares in each of its turns.
      sums[c] = elements();
      squares[c] = elements();
    }
    for (var k = 0u; k < count; k++) {
      for (var c = 0u; c < TOGETHER; c++) {
        let away = values_at(at + c) - firsts[c];
        sums[c] += away;
        squares[c] += away * away;
      }
      at += params.columns;
    }
    for (var c = 0u; c < TOGETHER; c++) {
      parts[c] = joined(parts[c], count, firsts[c] - origins[c], sums[c], squares[c]);
    }
  }
  let result = chunk * params.columns + column;
  for (var c = 0u; c < TOGETHER; c++) {
    let is_whole = rows == params.rows;
    mean[result + c] = parts[c].mean + select(elements(), origins[c], is_whole);
    variance[result + c] = parts[c].spread / f32(rows);
  }
}
