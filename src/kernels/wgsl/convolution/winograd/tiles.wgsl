// The tiles of 4 × 4 pixels that Winograd's convolution cuts a result into: a function file for winograd/points
// and winograd/result, which declare `params`.
//
//   ┌────┬────┬──      [images, tilesDown, tilesAcross, vectors of four channels]
//   │    │    │
//   ├────┼────┼──      the last ones of a line or column may reach beyond the edge
//   │    │    │

alias Six = array<vec4<f32>, 6>;

// Four channels of a tile: which tile and which four, of which image, and its first pixel.
struct Tile {
  index: u32,
  vector: u32,
  image: u32,
  top: u32,
  left: u32,
}

fn tile_at(index: u32, vector: u32) -> Tile {
  let band = index / params.tilesAcross;
  let image = band / params.tilesDown;
  let top = 4u * (band - image * params.tilesDown);
  let left = 4u * (index - band * params.tilesAcross);
  return Tile(index, vector, image, top, left);
}
