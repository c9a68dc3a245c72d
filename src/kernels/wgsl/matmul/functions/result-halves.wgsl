// How a register tile is stored as f16, where a row of the output is whole vec4s: one invocation stores
// four neighbouring columns at once, two to a word.
//
//   row  [ . . . . | x x x x | . . . . ]      8 bytes written per store, 16 operations a column

@group(0) @binding(3) var<storage, read_write> result: array<vec2<u32>>;

fn store(index: u32, column: u32, count: u32, value: vec4<f32>) {
  result[index >> 2u] = packed_halves(finished_in(index >> 2u, column, value));
}
