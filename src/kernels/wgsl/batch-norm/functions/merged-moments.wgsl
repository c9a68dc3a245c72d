// Merges the moments of parts of a column (Chan, Golub, LeVeque), for whole-columns.wgsl.
var<workgroup> counts: array<f32, WORKGROUP>;
var<workgroup> means: array<elements, WORKGROUP>;
var<workgroup> spreads: array<elements, WORKGROUP>;

fn merged(a: Part, b: Part) -> Part {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let away = b.mean - a.mean;
  return Part(count, a.mean + away * share, a.spread + b.spread + away * away * (share * a.count));
}

fn lay(lane: u32, part: Part) {
  counts[lane] = part.count;
  means[lane] = part.mean;
  spreads[lane] = part.spread;
}

fn laid(lane: u32) -> Part {
  return Part(counts[lane], means[lane], spreads[lane]);
}
