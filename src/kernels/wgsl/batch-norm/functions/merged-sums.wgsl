// Adds up the sums of parts of a column, for whole-columns.wgsl.
var<workgroup> laidSums: array<elements, WORKGROUP>;
var<workgroup> laidProducts: array<elements, WORKGROUP>;

fn merged(a: Part, b: Part) -> Part {
  return Part(a.sum + b.sum, a.product + b.product);
}

fn lay(lane: u32, part: Part) {
  laidSums[lane] = part.sum;
  laidProducts[lane] = part.product;
}

fn laid(lane: u32) -> Part {
  return Part(laidSums[lane], laidProducts[lane]);
}
