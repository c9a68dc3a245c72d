@group(0) @binding(4) var<storage, read> logSumExp: array<f32>;

// Where the number lies that a query has: queries are own rows, or (OF_WALKED) the four walked ones.
fn query_rows(tile: Tile, r: u32, start: u32) -> vec4<u32> {
  if (OF_WALKED == 1u) { return walked_rows(tile, start); }
  return vec4<u32>(own_row(tile, r));
}

fn four_of_sums(at: vec4<u32>) -> vec4<f32> {
  return vec4<f32>(logSumExp[at.x], logSumExp[at.y], logSumExp[at.z], logSumExp[at.w]);
}

// The weights that the output was made by, from the scores and what they were scaled by.
fn weights_again(tile: Tile, r: u32, start: u32, product: vec4<f32>) -> vec4<f32> {
  let scores = score(tile, r, start, product);
  let weights = power(scores - four_of_sums(query_rows(tile, r, start)));
  return select(weights, vec4<f32>(), scores <= vec4<f32>(LOWEST));
}
