// WGSL lets max and min drop a NaN, and lets a compiler take `x != x` for false. So NaNs travel
// beside the result as integers: of all elements the largest bits without the sign, which are
// those of a NaN if there was one. MARK is 0 where there can be none.
fn magnitude(value: elements) -> words {
  if (MARK == 0u) { return words(); }
  return bitcast<words>(value) & words(0x7fffffffu);
}

fn marked(value: elements, worst: words) -> elements {
  if (MARK == 0u) { return value; }
  return select(value, bitcast<elements>(worst), worst > words(0x7f800000u));
}

fn has_nan(value: elements) -> bool {
  return any(magnitude(value) > words(0x7f800000u));
}
