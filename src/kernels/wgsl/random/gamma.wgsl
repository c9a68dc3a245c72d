// A number of the gamma distribution of shape alpha and scale 1: Marsaglia and Tsang, "A simple method for
// generating gamma variables", 2000. Of a normal number x, d·(1 + c·x)³ is accepted where its density says
// so; below a shape of 1, one of alpha + 1 is multiplied by u^(1 / alpha).
// Completes draws.wgsl.
fn drawn(position: u32, alpha: f32) -> f32 {
  if (!(alpha > 0.0)) { return select(params.nan, 0.0, alpha == 0.0); }
  let is_small = alpha < 1.0;
  let d = select(alpha, alpha + 1.0, is_small) - 1.0 / 3.0;
  let c = 1.0 / (3.0 * sqrt(d));
  for (var attempt = 0u; attempt < ATTEMPTS; attempt++) {
    let u = evenly(position, attempt);
    // Box and Muller's, as in random.normal.
    let x = sqrt(max(-2.0 * log(u.x), 0.0)) * cos(6.283185307179586 * u.y);
    let t = c * x;
    let root = 1.0 + t;
    if (root > 0.0 && log(u.z) <= bound(d, t, x)) {
      let below_one = exp(log(u.w) / alpha);
      return d * root * root * root * select(1.0, below_one, is_small);
    }
  }
  return d;
}

// x² / 2 + d·(1 − v + ln v) of v = (1 + t)³, which is the rest of a series where t is small: there all
// that is larger cancels.
fn bound(d: f32, t: f32, x: f32) -> f32 {
  if (abs(t) < 0.1) {
    let series = -1.0 / 4.0 + t * (1.0 / 5.0 + t * (-1.0 / 6.0 + t * (1.0 / 7.0)));
    return 3.0 * d * t * t * t * t * series;
  }
  let root = 1.0 + t;
  return 0.5 * x * x + d * (1.0 - root * root * root + 3.0 * log(root));
}
