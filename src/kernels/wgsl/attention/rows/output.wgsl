// Attention itself: softmax(scores) · value, and alongside the logarithm of each row's Σ exp(score), where
// it is wanted (functions/sum-*.wgsl). Completes rows.wgsl; `own` are queries, `walked` keys and what is
// carried over their values.
//
// The softmax is that of Milakov & Gimelshein, "Online normalizer calculation for softmax", 2018, as in
// Dao et al., "FlashAttention", 2022: where a higher score comes, what has been summed up shrinks.
// A row of which all is masked comes to 0. Per weight: one exponential.
var<private> tops: array<f32, ROWS>;
var<private> wholes: array<f32, ROWS>;

fn begin() {
  for (var r = 0u; r < ROWS; r++) {
    tops[r] = LOWEST;
    wholes[r] = 0.0;
  }
}

fn weigh(tile: Tile, start: u32, products: Fours) -> Fours {
  var weights: Fours;
  for (var r = 0u; r < ROWS; r++) {
    let scores = score(tile, r, start, products[r]);
    let before = tops[r];
    let top = max(before, highest(scores));
    weights[r] = select(power(scores - top), vec4<f32>(), scores <= vec4<f32>(LOWEST));
    tops[r] = top;
    if (top > before) {
      let shrunk = power(vec4<f32>(before - top)).x;
      wholes[r] *= shrunk;
      scale_sums(tile, r, shrunk);
    }
    wholes[r] += total(weights[r]);
  }
  return weights;
}

fn finished_by(tile: Tile, r: u32) -> f32 {
  let whole = wholes[r];
  keep_sum(own_row(tile, r), select(tops[r] + log(whole), 0.0, whole == 0.0));
  return select(1.0 / whole, 0.0, whole == 0.0);
}
