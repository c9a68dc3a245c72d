// The candidates are what a pass before has found.
@group(0) @binding(3) var<storage, read> places: array<i32>;

fn candidate(k: u32, at: u32) -> u32 {
  return u32(places[at]);
}
