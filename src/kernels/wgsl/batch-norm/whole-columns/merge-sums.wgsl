// Adds up Σg and Σg·x̂ of chunks of rows, [chunks, C] each → [C] each: the second pass of
// columns/gradient-sums, whose sums of g are `values`. Completes whole-columns.wgsl.
//
// Per column: 8·chunks bytes read, 8 written, 2·chunks operations.
struct Params {
  columns: u32,
  chunks: u32,
}

struct Part {
  sum: elements,
  product: elements,
}

@group(0) @binding(2) var<storage, read> products: array<elements>;
@group(0) @binding(3) var<storage, read_write> shiftGradient: array<elements>;
@group(0) @binding(4) var<storage, read_write> scaleGradient: array<elements>;

fn gathered(column: u32, row: u32) -> Part {
  var own = Part();
  for (var chunk = row; chunk < params.chunks; chunk += ROWS) {
    let at = chunk * params.columns + column;
    own = merged(own, Part(values_at(at), products[at]));
  }
  return own;
}

fn keep(column: u32, whole: Part) {
  shiftGradient[column] = whole.sum;
  scaleGradient[column] = whole.product;
}

fn walk(column: u32, row: u32, whole: Part) {}
