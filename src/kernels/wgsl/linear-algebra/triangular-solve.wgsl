// X with A·X = B for triangular A, or Aᵀ·X = B: A [count, size, size] and B [count, size, columns] → X. `columns` counts elements.
//
//   a          x   b      one invocation owns one or four columns of X, its elements, and goes down
//   a a     ·  x = b      them, or up where BACKWARD: what it knows already is taken from b, and
//   a a a      ?   b      the diagonal divides the rest
//
// The other triangle is not read, nor is the diagonal with UNIT.
// Per output: size / 2 multiply-adds, as many elements of A and of X read, which neighbours share or follow.
// Completes each.wgsl.
struct Params {
  count: u32,
  size: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<elements>;
@group(0) @binding(3) var<storage, read_write> result: array<elements>;

fn at(step: u32) -> u32 {
  return select(step, params.size - 1u - step, BACKWARD == 1u);
}

fn compute(i: u32) {
  let size = params.size;
  let matrix = i / params.columns;
  let square = matrix * size * size;
  let column = matrix * size * params.columns + i - matrix * params.columns;
  for (var step = 0u; step < size; step++) {
    let row = at(step);
    var rest = b[column + row * params.columns];
    for (var before = 0u; before < step; before++) {
      let k = at(before);
      let element = a[square + select(row * size + k, k * size + row, TRANSPOSED == 1u)];
      rest -= element * result[column + k * params.columns];
    }
    if (UNIT == 0u) { rest /= a[square + row * size + row]; }
    result[column + row * params.columns] = rest;
  }
}
