// How four neighbours in a row of a matrix [rows, columns] are read where rows begin anywhere: a
// function file. Those behind the last column repeat it.
//
//   row  [ . . . . . | x x x x | . ]      4 bytes read at a time, no operations

@group(0) @binding(2) var<storage, read> matrix: array<f32>;

fn four_columns(row: u32, column: u32) -> vec4<f32> {
  let columns = min(column + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u));
  let at = row * params.columns + columns;
  return vec4<f32>(matrix[at.x], matrix[at.y], matrix[at.z], matrix[at.w]);
}
