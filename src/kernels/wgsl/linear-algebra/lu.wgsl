// Matrices with their rows in another order as products of a lower triangular L with ones on its diagonal
// and an upper triangular U: [count, size, size] → [count, size, size + 2].
//
//   u u u u│1│-1     L and U share a square; behind it are the row of A that went here, and −1 where
//   l u u u│0│ 1     that took an exchange of two rows, else 1
//   l l ? ?│3│ 1
//   l l ? ?│2│       a workgroup owns a matrix and goes from column to column: its first invocation finds
//                    the largest element left in the column, all exchange its row with the first one
//                    left, and then each takes that from every WORKGROUP-th row below
//
// Where all that is left of a column is 0, so are the l, and the u.
// Per matrix: size³ / 3 multiply-adds, twice as many reads from cache, 3 · size barriers.
// Completes matrices.wgsl.
struct Params {
  count: u32,
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

fn factorize(matrix: u32, lane: u32) {
  let size = params.size;
  let width = size + 2u;
  let first = matrix * size * width;
  for (var i = lane; i < size; i += WORKGROUP) {
    let row = first + i * width;
    for (var k = 0u; k < size; k++) { result[row + k] = a[(matrix * size + i) * size + k]; }
    result[row + size] = f32(i);
  }
  storageBarrier();

  for (var j = 0u; j < size; j++) {
    let own = first + j * width;
    if (lane == 0u) {
      var largest = j;
      for (var i = j + 1u; i < size; i++) {
        let is_larger = abs(result[first + i * width + j]) > abs(result[first + largest * width + j]);
        largest = select(largest, i, is_larger);
      }
      // The row until the exchange is done, then what it comes to.
      result[own + size + 1u] = f32(largest);
    }
    storageBarrier();
    let largest = u32(result[own + size + 1u]);
    let other = first + largest * width;
    for (var k = lane; k <= size; k += WORKGROUP) {
      let kept = result[own + k];
      result[own + k] = result[other + k];
      result[other + k] = kept;
    }
    storageBarrier();
    if (lane == 0u) { result[own + size + 1u] = select(-1.0, 1.0, largest == j); }
    let pivot = result[own + j];
    for (var i = j + 1u + lane; i < size; i += WORKGROUP) {
      let row = first + i * width;
      let below = result[row + j];
      let share = select(below / pivot, below, pivot == 0.0);
      result[row + j] = share;
      for (var k = j + 1u; k < size; k++) { result[row + k] -= share * result[own + k]; }
    }
    storageBarrier();
  }
}
