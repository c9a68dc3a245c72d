// What is sorted so far, row after row: keys and where they were along the axis.
@group(0) @binding(KEYS) var<storage, read_write> sortedKeys: array<u32>;
@group(0) @binding(PLACES) var<storage, read_write> sortedPlaces: array<u32>;

fn keep(row: u32, at: u32, key: u32, place: u32) {
  let i = row * params.length + at;
  sortedKeys[i] = key;
  sortedPlaces[i] = place;
}
