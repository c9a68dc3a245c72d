// The moments of some rows of a column of [R, C], `step` elements apart, as distances from `origin`.
//
// Blocks of BLOCK rows are summed as distances from their first row and squares of these: rounded like
// the deviation, not like the mean. That row being one of the block's, what cancels is at most BLOCK
// times the result. Blocks are merged like chunks (merged-moments.wgsl).
const BLOCK = 64u;

// Of some rows: how many, their mean, and the sum of their squared distances from it.
struct Part {
  count: f32,
  mean: elements,
  spread: elements,
}

fn part_of(begin: u32, step: u32, rows: u32, origin: elements) -> Part {
  var at = begin;
  var mean = elements();
  var spread = elements();
  for (var seen = 0u; seen < rows; seen += BLOCK) {
    let count = min(BLOCK, rows - seen);
    let first = values_at(at);
    var sum = elements();
    var squares = elements();
    for (var k = 0u; k < count; k++) {
      let away = values_at(at) - first;
      sum += away;
      squares += away * away;
      at += step;
    }
    let own = sum / f32(count);
    let share = f32(count) / f32(seen + count);
    let away = ((first - origin) + own) - mean;
    mean += away * share;
    spread += (squares - sum * own) + away * away * (share * f32(seen));
  }
  return Part(f32(rows), mean, spread);
}
