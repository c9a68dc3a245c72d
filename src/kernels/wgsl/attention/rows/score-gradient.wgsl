// The gradient of attention by its queries, or by its keys: with d = weight · (g · value - mean), the
// gradient of a score, Σ d · key for each query and Σ d · query for each key. Completes rows.wgsl; `own`
// and `walked` are queries and keys, or keys and queries (OF_WALKED), `ownOther` and `walkedOther` the
// outputs' gradients and values that belong to them; `means` has g · output of each query.
// Per weight: one exponential and 2·otherWidth operations.
@group(0) @binding(5) var<storage, read> means: array<f32>;
@group(0) @binding(6) var<storage, read> ownOther: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> walkedOther: array<vec4<f32>>;

fn begin() {}

fn weigh(tile: Tile, start: u32, products: Fours) -> Fours {
  var sums: array<array<vec4<f32>, 4>, ROWS>;
  let at = walked_rows(tile, start) * params.otherWidth;
  for (var half = 0u; half < 4u; half += 2u) {
    for (var c = 0u; c < other_width(); c++) {
      let x = walkedOther[at[half] + c];
      let y = walkedOther[at[half + 1u] + c];
      for (var r = 0u; r < ROWS; r++) {
        let mine = ownOther[own_row(tile, r) * params.otherWidth + c];
        sums[r][half] += mine * x;
        sums[r][half + 1u] += mine * y;
      }
    }
  }
  var slopes: Fours;
  for (var r = 0u; r < ROWS; r++) {
    let by_weight = totals(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
    let q = query_rows(tile, r, start);
    let mean = vec4<f32>(means[q.x], means[q.y], means[q.z], means[q.w]);
    let weights = weights_again(tile, r, start, products[r]);
    // What is masked has no slope, though a product be NaN there.
    slopes[r] = select(weights * (by_weight - mean), vec4<f32>(), weights == vec4<f32>());
  }
  return slopes;
}

fn finished_by(tile: Tile, r: u32) -> f32 {
  return params.scale;
}
