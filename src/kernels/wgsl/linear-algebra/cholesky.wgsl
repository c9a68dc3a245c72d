// The lower triangular L with L·Lᵀ = A for symmetric matrices A: [count, size, size] → the same shape. Only
// the lower triangle of A is read, zeros are above the diagonal of L.
//
//   L  d
//      x d          a workgroup owns a matrix and goes from column to column; an invocation owns every
//      x x d        WORKGROUP-th row below the diagonal, of which it finds the element of the column
//      x x ? .      from what is left of it, and the column's d besides, which spares a barrier
//
// NaN stands where a d would be the root of what is not above 0, and so in all that follows from it.
// Per matrix: size³ / 3 multiply-adds, as many reads from cache, `size` barriers.
// Completes matrices.wgsl.
struct Params {
  count: u32,
  size: u32,
  nan: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

fn factorize(matrix: u32, lane: u32) {
  let size = params.size;
  let first = matrix * size * size;
  for (var j = 0u; j < size; j++) {
    let diagonal = first + j * size;
    for (var i = lane; i < j; i += WORKGROUP) { result[first + i * size + j] = 0.0; }
    for (var i = j + lane; i < size; i += WORKGROUP) {
      let row = first + i * size;
      var rest = a[row + j];
      var square = a[diagonal + j];
      for (var k = 0u; k < j; k++) {
        let above = result[diagonal + k];
        rest -= result[row + k] * above;
        square -= above * above;
      }
      let root = select(params.nan, sqrt(max(square, 0.0)), square > 0.0);
      result[row + j] = select(rest / root, root, i == j);
    }
    storageBarrier();
  }
}
