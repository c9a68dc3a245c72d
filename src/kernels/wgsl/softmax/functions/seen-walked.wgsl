// What a row is scaled by, found by walking along it: the highest, then the sum of exp(x - highest).
// Per element: 4 bytes read from memory, 1 exponential and 3 operations.
//
// The highest element's exponential is 1. Where the others are small beside it (REST) they are summed
// without it in one walk more, so that log(1 + rest) of a confident row keeps its digits.
fn scale_of(at: Walk, held: Held, lane: u32, exists: bool) -> Scale {
  // Lanes without an element repeat one of the row, which cannot be higher than the highest.
  var most = logits[min(at.first, at.end - 1u)];
  for (var i = 0u; i < steps(at); i++) { most = max(most, logit(at, held, i)); }
  var top = row_highest(highest(most), lane);
  // A part of a row may be -∞ all through: its powers are 0 beside those of other parts.
  if (SPLIT == 1u) { top = max(top, -0x1.fffffep127); }

  var sum = elements();
  for (var i = 0u; i < steps(at); i++) {
    let there = is_there(at, i);
    let share = select(elements(), power(logit(at, held, i) - elements(top)), there);
    keep(at.first + i * LANES, share, exists && there);
    sum += share;
  }
  let whole = row_total(total(sum), lane);
  var rest = whole - 1.0;
  if (REST == 1u) {
    var others = elements();
    if (whole < 1.5) {
      for (var i = 0u; i < steps(at); i++) {
        let away = logit(at, held, i) - elements(top);
        let other = select(power(away), elements(), away == elements());
        others += select(elements(), other, is_there(at, i));
      }
    }
    let small = row_total(total(others), lane);
    if (whole < 1.5) { rest = small; }
  }
  return Scale(top, whole, rest);
}
