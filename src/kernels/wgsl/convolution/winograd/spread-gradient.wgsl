// What four pixels of an output's gradient come to at six points: a function file for winograd/points.wgsl.
const SIDE = 4u;
alias Side = array<vec4<f32>, SIDE>;

// A, the transpose of what gathers a result (winograd/result.wgsl).
fn spread(d: Side) -> Six {
  let even = d[0] + d[2];
  let odd = d[1] + d[3];
  return Six(
    d[0],
    even + odd,
    even - odd,
    d[0] + 2.0 * d[1] + 4.0 * d[2] + 8.0 * d[3],
    d[0] - 0.5 * d[1] + 0.25 * d[2] - 0.125 * d[3],
    d[3],
  );
}
