// Σg and Σg·(x - mean) of some rows of a column of [R, C], `step` elements apart.
struct Part {
  sum: elements,
  product: elements,
}

fn part_of(begin: u32, step: u32, rows: u32, mean: elements) -> Part {
  var at = begin;
  var sum = elements();
  var product = elements();
  for (var k = 0u; k < rows; k++) {
    let grad = grads_at(at);
    sum += grad;
    product += grad * (values_at(at) - mean);
    at += step;
  }
  return Part(sum, product);
}
