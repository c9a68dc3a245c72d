// How a register tile is stored where rows of the output start anywhere: element by element, and
// only the columns that exist.
//
//   row  [ . . . . x | x x . . ]      4 bytes written per store, no operations

@group(0) @binding(3) var<storage, read_write> result: array<f32>;

fn store(index: u32, column: u32, count: u32, value: vec4<f32>) {
  for (var i = 0u; i < count; i++) { result[index + i] = finished_one(index + i, value[i]); }
}
