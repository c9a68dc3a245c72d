// How four neighbours in a row of a matrix [rows, columns] are read where rows are whole vec4s: a
// function file.
//
//   row  [ . . . . | x x x x | . . . . ]      16 bytes read at once, no operations

@group(0) @binding(2) var<storage, read> matrix: array<vec4<f32>>;

fn four_columns(row: u32, column: u32) -> vec4<f32> {
  return matrix[(row * params.columns + column) >> 2u];
}
