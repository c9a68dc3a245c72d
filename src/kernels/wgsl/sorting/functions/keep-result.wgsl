// What the last pass leaves: where elements were along the axis, [outer, length, inner].
@group(0) @binding(PLACES) var<storage, read_write> result: array<u32>;

fn keep(row: u32, at: u32, key: u32, place: u32) {
  let outer = row / params.inner;
  result[(outer * params.length + at) * params.inner + row - outer * params.inner] = place;
}
