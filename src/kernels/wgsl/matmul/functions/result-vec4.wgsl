// How a register tile is stored where a row of the output is whole vec4s: one invocation stores
// four neighbouring columns at once.
//
//   row  [ . . . . | x x x x | . . . . ]      16 bytes written per store, no operations

@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;

fn store(index: u32, column: u32, count: u32, value: vec4<f32>) {
  result[index >> 2u] = finished_in(index >> 2u, column, value);
}
