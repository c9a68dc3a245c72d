// What six pixels of an image come to at six points: a function file for winograd/points.wgsl.
const SIDE = 6u;
alias Side = Six;

// Bᵀ: at 0, 1, -1, 2, -1/2 and infinity, divided by what the filter's side is multiplied with.
fn spread(d: Six) -> Six {
  let even = d[4] - d[2];
  let odd = d[3] - d[1];
  return Six(
    d[0] - d[2] + even - 1.5 * odd,
    d[4] - d[1] - 2.5 * d[2] - 0.5 * d[3],
    d[4] + d[1] + 0.5 * d[2] - 2.5 * d[3],
    even + 0.5 * odd,
    even - 2.0 * odd,
    d[5] - d[3] - odd - 1.5 * even,
  );
}
