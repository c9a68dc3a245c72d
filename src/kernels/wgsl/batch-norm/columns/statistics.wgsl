// Mean and biased variance of the columns of [R, C], over chunks of `span` rows:
// → [chunks, 2, C], which is [2, C] where one chunk takes all rows. Completes columns.wgsl.
//
// Blocks of BLOCK rows are summed as distances from their first row and squares of these: rounded like
// the deviation, not like the mean. That row being one of the block's, what cancels is at most BLOCK
// times the result. Blocks are merged like chunks (merge.wgsl), as distances from the column's first row.
// Per output: 2·span bytes read, 4 written, 2·span operations.
const BLOCK = 64u;

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
  var spread = elements();
  for (var seen = 0u; seen < rows; seen += BLOCK) {
    let count = min(BLOCK, rows - seen);
    let first = values[at];
    var sum = elements();
    var squares = elements();
    for (var k = 0u; k < count; k++) {
      let away = values[at] - first;
      sum += away;
      squares += away * away;
      at += params.columns;
    }
    let own = sum / f32(count);
    let share = f32(count) / f32(seen + count);
    let away = ((first - origin) + own) - mean;
    mean += away * share;
    spread += (squares - sum * own) + away * away * (share * f32(seen));
  }
  if (rows == params.rows) { mean += origin; }
  let result = chunk * 2u * params.columns + column;
  statistics[result] = mean;
  statistics[result + params.columns] = spread / f32(rows);
}
