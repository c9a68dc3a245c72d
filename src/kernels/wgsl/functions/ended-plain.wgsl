// What is stored of the `i`-th of results behind which nothing is folded, such as whole numbers.
fn ended(i: u32, value: results) -> results {
  return value;
}
