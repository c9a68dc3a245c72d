// The rows of the filter's gradient, filter taps × channels: a function file, for packed operands
// and for those as they are.

// (channel, y, x): where the tap lies for the first output pixel, which may be outside.
fn row_origin(row: u32, batch: u32) -> vec3<i32> {
  let tap = row / params.channels;
  let tap_y = tap / params.filterWidth;
  return vec3<i32>(
    i32(row - tap * params.channels),
    i32(tap_y * params.dilationY) - i32(params.paddingY),
    i32((tap - tap_y * params.filterWidth) * params.dilationX) - i32(params.paddingX),
  );
}
fn row_apart() -> u32 { return 1u; }
fn result_start(batch: u32) -> u32 { return 0u; }
fn result_row(row: u32) -> u32 { return row; }
fn result_apart() -> u32 { return 1u; }
