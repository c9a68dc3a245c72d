// What is chosen from: the keys that parts of rows came to, and where they were in the row.
@group(0) @binding(1) var<storage, read> keysChosen: array<u32>;
@group(0) @binding(2) var<storage, read> placesChosen: array<u32>;

fn keys_at(row: u32, k: u32) -> vec4<u32> {
  let at = row * params.size + k;
  return vec4<u32>(keysChosen[at], keysChosen[at + 1u], keysChosen[at + 2u], keysChosen[at + 3u]);
}

fn place_at(row: u32, k: u32) -> u32 {
  return placesChosen[row * params.size + k];
}
