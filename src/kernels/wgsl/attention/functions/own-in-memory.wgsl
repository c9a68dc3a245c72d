// Own rows are read where they lie, and sums grow in the result: a CPU has few registers, and a cache at
// hand. Nor are loops unrolled.
fn width() -> u32 { return params.width; }
fn other_width() -> u32 { return params.otherWidth; }
fn sum_width() -> u32 { return params.sumWidth; }

fn take_own(tile: Tile) {}

fn own_part(tile: Tile, r: u32, c: u32) -> vec4<f32> {
  return own[own_row(tile, r) * params.width + c];
}

fn clear_sums(tile: Tile) {
  for (var r = 0u; r < ROWS; r++) { scale_sums(tile, r, 0.0); }
}

fn add_to_sum(tile: Tile, r: u32, c: u32, more: vec4<f32>) {
  if (exists(tile, r)) { result[own_row(tile, r) * params.sumWidth + c] += more; }
}

fn scale_sums(tile: Tile, r: u32, factor: f32) {
  if (!exists(tile, r)) { return; }
  let begin = own_row(tile, r) * params.sumWidth;
  for (var c = 0u; c < params.sumWidth; c++) {
    result[begin + c] = select(result[begin + c] * factor, vec4<f32>(), factor == 0.0);
  }
}

fn store_sums(tile: Tile, r: u32, factor: f32) {
  scale_sums(tile, r, factor);
}
