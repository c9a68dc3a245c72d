// Distances of all rows of x [rows, size] and y, whose rows are columns here: y [size, columns] → [rows, columns],
// batch by batch; Σ|x − y| for POWER 1, √Σ(x − y)² for 2.
//
//   x  a b c        one invocation owns one distance, or four side by side, and walks along a row of x
//   y  a₀ a₁ …      and down the columns of y
//      b₀ b₁ …
//      c₀ c₁ …
//
// Per output: 4 bytes written; 3 operations and, of four, 5 bytes read for each of `size` elements.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn compute(i: u32) {
  let row = i / params.columns;
  let first = row * params.size;
  var at = row / params.rows * params.size * params.columns + i % params.columns;
  var sum = elements();
  for (var k = 0u; k < params.size; k++) {
    let step = elements(x[first + k]) - y[at];
    if (POWER == 1u) { sum += abs(step); } else { sum += step * step; }
    at += params.columns;
  }
  if (POWER == 2u) { sum = sqrt(sum); }
  result[i] = sum;
}
