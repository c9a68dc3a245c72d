// Merges the means and variances of chunks of rows by whole workgroups, [chunks, 2, C] → [2, C] (Chan,
// Golub, LeVeque): for GPUs, as merge.wgsl is for CPUs.
//
//   chunk 0   m m m m …    lanes: COLUMNS neighbouring columns (`elements`), ROWS of them; one
//             v v v v …    invocation merges every ROWS-th chunk of its column, then the ROWS results
//   chunk 1   m m m m …    of a column are merged in pairs until one is left
//             v v v v …
//
// One workgroup owns COLUMNS columns. All chunks have `span` rows but the last. Per column: 8·chunks
// bytes read, 8 written, 9·chunks operations; 12 bytes of workgroup memory an invocation and column,
// log2(ROWS) barriers.
struct Params {
  columns: u32,
  rows: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<elements>;
@group(0) @binding(2) var<storage, read> values: array<elements>;
@group(0) @binding(3) var<storage, read_write> statistics: array<elements>;

const ROWS = WORKGROUP / COLUMNS;

// Of some rows: how many, their mean, and the sum of their squared distances from it.
struct Part {
  count: f32,
  mean: elements,
  spread: elements,
}

var<workgroup> counts: array<f32, WORKGROUP>;
var<workgroup> means: array<elements, WORKGROUP>;
var<workgroup> spreads: array<elements, WORKGROUP>;

fn merged(a: Part, b: Part) -> Part {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let away = b.mean - a.mean;
  return Part(count, a.mean + away * share, a.spread + b.spread + away * away * (share * a.count));
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group_id.x + group_id.y * num_groups.x) * COLUMNS;
  if (first >= params.columns) { return; }
  let column = first + lane % COLUMNS;
  let known = min(column, params.columns - 1u);
  var own = Part();
  for (var chunk = lane / COLUMNS; chunk * params.span < params.rows; chunk += ROWS) {
    let count = f32(min(params.span, params.rows - chunk * params.span));
    let at = 2u * chunk * params.columns + known;
    own = merged(own, Part(count, parts[at], parts[at + params.columns] * count));
  }
  counts[lane] = own.count;
  means[lane] = own.mean;
  spreads[lane] = own.spread;
  for (var half = ROWS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half * COLUMNS) {
      let other = lane + half * COLUMNS;
      own = merged(own, Part(counts[other], means[other], spreads[other]));
      counts[lane] = own.count;
      means[lane] = own.mean;
      spreads[lane] = own.spread;
    }
  }
  if (lane < COLUMNS && column < params.columns) {
    statistics[column] = values[column] + own.mean;
    statistics[column + params.columns] = own.spread / f32(params.rows);
  }
}
