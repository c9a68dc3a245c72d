// A number of the Poisson distribution. Below a rate of 10, how many numbers from (0, 1] it takes until
// their product is no more than e^−rate: Knuth, The Art of Computer Programming, volume 2, 3.4.1. From there
// on the transformed rejection with squeeze (PTRS) of Hörmann, "The transformed rejection method for
// generating Poisson random variables", 1993.
// Completes draws.wgsl.
const HIGHEST = 3.4028234663852886e38;

fn drawn(position: u32, rate: f32) -> f32 {
  if (!(rate >= 0.0)) { return params.nan; }
  if (rate > HIGHEST) { return rate; }
  if (rate < 10.0) { return counted(position, rate); }
  return transformed(position, rate);
}

fn counted(position: u32, rate: f32) -> f32 {
  let enough = exp(-rate);
  var product = 1.0;
  var count = 0.0;
  for (var attempt = 0u; attempt < ATTEMPTS; attempt++) {
    let u = evenly(position, attempt);
    for (var lane = 0u; lane < 4u; lane++) {
      product *= u[lane];
      if (product <= enough) { return count; }
      count += 1.0;
    }
  }
  return count;
}

fn transformed(position: u32, rate: f32) -> f32 {
  let b = 0.931 + 2.53 * sqrt(rate);
  let a = -0.059 + 0.02483 * b;
  let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  let squeeze = 0.9277 - 3.6224 / (b - 2.0);
  for (var attempt = 0u; attempt < ATTEMPTS; attempt++) {
    let drawn = evenly(position, attempt);
    let u = drawn.x - 0.5;
    let v = drawn.y;
    let us = 0.5 - abs(u);
    let is_outside = us < 0.013 && v > us;
    if (is_outside) { continue; }
    let k = floor((2.0 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= squeeze) { return k; }
    if (k >= 0.0 && log(v * inverse_alpha / (a / (us * us) + b)) <= log_probability(k, rate)) {
      return k;
    }
  }
  return floor(rate);
}

// ln (rate^k · e^−rate / k!), for large k by Stirling's series and the deviance, since the terms of the
// plain formula cancel (Loader, "Fast and accurate computation of binomial probabilities", 2000).
fn log_probability(k: f32, rate: f32) -> f32 {
  if (k < 10.0) {
    var factorial = 1.0;
    for (var factor = 2.0; factor <= k; factor += 1.0) { factorial *= factor; }
    return k * log(rate) - rate - log(factorial);
  }
  let stirling = 0.5 * log(6.283185307179586 * k) + (1.0 / 12.0 - 1.0 / (360.0 * k * k)) / k;
  return -stirling - deviance(k, rate);
}

// k·ln(k / rate) + rate − k.
fn deviance(k: f32, rate: f32) -> f32 {
  let v = (k - rate) / (k + rate);
  if (abs(v) >= 0.1) { return k * log(k / rate) + rate - k; }
  let w = v * v;
  return (k - rate) * v + 2.0 * k * v * w * (1.0 / 3.0 + w * (1.0 / 5.0 + w * (1.0 / 7.0)));
}
