// The moments of some rows of a column of [R, C], as distances from an origin.
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

// A part with a block behind it: `first` is where the block's first row is, and sums are of distances from it.
fn joined(part: Part, count: u32, first: elements, sum: elements, squares: elements) -> Part {
  let own = sum / f32(count);
  let whole = part.count + f32(count);
  let share = f32(count) / whole;
  let away = (first + own) - part.mean;
  let spread = part.spread + (squares - sum * own) + away * away * (share * part.count);
  return Part(whole, part.mean + away * share, spread);
}

// Rows of one column that are `step` elements apart.
fn part_of(begin: u32, step: u32, rows: u32, origin: elements) -> Part {
  var at = begin;
  var part = Part();
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
    part = joined(part, count, first - origin, sum, squares);
  }
  return part;
}
