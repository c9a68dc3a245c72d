// The frame of what is computed from the softmax of rows [rows, size] of logits; rows/ has what
// completes it.
//
//   row r   [e e e e e e e e e e]    e: one f32, or a vec4 where rows are whole vec4s
//   lane     0 1 2 … L-1 0 1 …       L = LANES neighbouring invocations own a row
//
// LANES is 1 on CPUs. Two walks over the row, the second from cache: the highest, then the sum of
// exp(x - highest). Per element: 4 bytes read from memory, 1 exponential and 3 operations, and what
// the file in rows/ adds. It declares `params` and
//   keep(k, share, exists)    sees exp(x - highest) of element k on the way; unless `exists`, the
//                             row is another's
//   finish(row, lane, top, whole, rest)    has the highest, the sum, and what it is above 1; called
//                             once a lane, where the row exists
//
// The highest element's exponential is 1. Where the others are small beside it (REST) they are summed
// without it in one walk more, so that log(1 + rest) of a confident row keeps its digits.
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<elements>;

// Where a lane's elements of a row are: every LANES-th from the first.
struct Walk {
  begin: u32,
  first: u32,
  end: u32,
}

fn walk_of(row: u32, lane: u32) -> Walk {
  let begin = row * params.size;
  return Walk(begin, begin + (lane & (LANES - 1u)), begin + params.size);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let row = min(own, params.rows - 1u);
  let exists = own < params.rows;
  let at = walk_of(row, lane);

  // Lanes without an element repeat the row's first one, which cannot be higher than the highest.
  var most = logits[at.begin];
  for (var k = at.first; k < at.end; k += LANES) { most = max(most, logits[k]); }
  let top = row_highest(highest(most), lane);

  var sum = elements();
  for (var k = at.first; k < at.end; k += LANES) {
    let share = power(logits[k] - elements(top));
    keep(k, share, exists);
    sum += share;
  }
  let whole = row_total(total(sum), lane);
  var rest = whole - 1.0;
  if (REST == 1u) {
    var others = elements();
    if (whole < 1.5) {
      for (var k = at.first; k < at.end; k += LANES) {
        let away = logits[k] - elements(top);
        others += select(power(away), elements(), away == elements());
      }
    }
    let small = row_total(total(others), lane);
    if (whole < 1.5) { rest = small; }
  }
  if (exists) { finish(row, lane, top, whole, rest); }
}
