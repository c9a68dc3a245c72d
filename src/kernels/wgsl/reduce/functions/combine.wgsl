// What a reduction does with two partial results, element by element. `elements` and `words` are
// the kernel's own aliases (one or four lanes of f32, i32 or u32, and as many u32).
const SUM = 0u;
const MAX = 1u;
const MIN = 2u;
const PROD = 3u;

fn combine(a: elements, b: elements) -> elements {
  if (OP == SUM) { return a + b; }
  if (OP == MAX) { return max(a, b); }
  if (OP == MIN) { return min(a, b); }
  return a * b;
}

// WGSL lets max and min drop a NaN, and lets a compiler take `x != x` for false. So NaNs travel
// beside the result as integers: of all elements the largest bits without the sign, which are
// those of a NaN if there was one.
fn magnitude(value: elements) -> words {
  if (MARK == 0u) { return words(); }
  return bitcast<words>(value) & words(0x7fffffffu);
}

fn marked(value: elements, worst: words) -> elements {
  if (MARK == 0u) { return value; }
  return select(value, bitcast<elements>(worst), worst > words(0x7f800000u));
}

fn combine_marked(a: elements, b: elements) -> elements {
  return marked(combine(a, b), max(magnitude(a), magnitude(b)));
}
