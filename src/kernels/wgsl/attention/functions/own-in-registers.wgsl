// Own rows and sums stay in registers: loops are of a length that the compiler knows.
fn width() -> u32 { return WIDTH; }
fn other_width() -> u32 { return OTHER_WIDTH; }
fn sum_width() -> u32 { return SUM_WIDTH; }

var<private> kept: array<vec4<f32>, WIDTH * ROWS>;

fn take_own(tile: Tile) {
  for (var c = 0u; c < WIDTH; c++) {
    for (var r = 0u; r < ROWS; r++) { kept[c * ROWS + r] = own[own_row(tile, r) * WIDTH + c]; }
  }
}

fn own_part(tile: Tile, r: u32, c: u32) -> vec4<f32> {
  return kept[c * ROWS + r];
}

var<private> sums: array<vec4<f32>, SUM_WIDTH * ROWS>;

fn clear_sums(tile: Tile) {
  for (var i = 0u; i < SUM_WIDTH * ROWS; i++) { sums[i] = vec4<f32>(); }
}

fn add_to_sum(tile: Tile, r: u32, c: u32, more: vec4<f32>) {
  sums[c * ROWS + r] += more;
}

fn scale_sums(tile: Tile, r: u32, factor: f32) {
  for (var c = 0u; c < SUM_WIDTH; c++) { sums[c * ROWS + r] *= factor; }
}

fn store_sums(tile: Tile, r: u32, factor: f32) {
  for (var c = 0u; c < SUM_WIDTH; c++) {
    result[own_row(tile, r) * SUM_WIDTH + c] = factor * sums[c * ROWS + r];
  }
}
