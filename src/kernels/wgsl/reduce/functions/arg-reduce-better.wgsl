// Whether an element goes before another in a search for the highest, or lowest (MIN). A NaN goes
// before all numbers, as it does in max and min; it is told by its bits, because WGSL lets a
// compiler take `x != x` for false.
fn is_nan(value: scalar) -> bool {
  if (FLOAT == 0u) { return false; }
  return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}

fn better(value: scalar, other: scalar) -> bool {
  let beyond = select(value > other, value < other, MIN == 1u);
  return (beyond || is_nan(value)) && !is_nan(other);
}
