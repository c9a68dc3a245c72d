// What the gradients of batch normalization read, for columns/gradient-sums and columns/input-gradient.
struct Params {
  count: u32,
  columns: u32,
  rows: u32,
  span: u32,
  epsilon: f32,
}

@group(0) @binding(3) var<storage, read> mean: array<elements>;
@group(0) @binding(4) var<storage, read> variance: array<elements>;
