// Merges the means and variances of chunks of rows, [chunks, C] each → [C] each: the second pass of
// columns/moments, whose means are distances from the first row of `values`. Completes
// whole-columns.wgsl; all chunks have `span` rows but the last.
//
// Per column: 8·chunks bytes read, 8 written, 9·chunks operations.
struct Params {
  columns: u32,
  rows: u32,
  span: u32,
}

struct Part {
  count: f32,
  mean: elements,
  spread: elements,
}

@group(0) @binding(2) var<storage, read> partMeans: array<elements>;
@group(0) @binding(3) var<storage, read> partVariances: array<elements>;
@group(0) @binding(4) var<storage, read_write> mean: array<elements>;
@group(0) @binding(5) var<storage, read_write> variance: array<elements>;

fn gathered(column: u32, row: u32) -> Part {
  var own = Part();
  for (var chunk = row; chunk * params.span < params.rows; chunk += ROWS) {
    let count = f32(min(params.span, params.rows - chunk * params.span));
    let at = chunk * params.columns + column;
    own = merged(own, Part(count, partMeans[at], partVariances[at] * count));
  }
  return own;
}

fn keep(column: u32, whole: Part) {
  mean[column] = values_at(column) + whole.mean;
  variance[column] = whole.spread / f32(params.rows);
}

fn walk(column: u32, row: u32, whole: Part) {}
