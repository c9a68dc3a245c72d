// The gradient of attention by its values: weightsᵀ · g. Completes rows.wgsl; `own` are keys, `walked`
// queries and what is carried over the gradients of their outputs. Per weight: one exponential.
fn begin() {}

fn weigh(tile: Tile, start: u32, products: Fours) -> Fours {
  var weights: Fours;
  for (var r = 0u; r < ROWS; r++) { weights[r] = weights_again(tile, r, start, products[r]); }
  return weights;
}

fn finished_by(tile: Tile, r: u32) -> f32 {
  return 1.0;
}
