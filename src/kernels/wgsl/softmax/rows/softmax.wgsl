// Softmax, or its logarithm (LOG), along the last axis of [rows, size].
//
//   row r   [e e e e e e e e e e]    e: one f32, or a vec4 where rows are whole vec4s
//   lane     0 1 2 … L-1 0 1 …       L = LANES neighbouring invocations own a row
//
// LANES is 1 on CPUs. Three walks over the row, the later ones from cache: the highest, the sum of
// exp(x - highest), the result. Per element: 4 bytes read from memory, 4 written, 1 exponential
// and 5 operations.
struct Params {
  rows: u32,
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<elements>;
@group(0) @binding(2) var<storage, read_write> result: array<elements>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let begin = min(own, params.rows - 1u) * params.size;
  let first = begin + (lane & (LANES - 1u));
  let end = begin + params.size;

  // Lanes without an element repeat the row's first one, which cannot be higher than the highest.
  var most = values[begin];
  for (var k = first; k < end; k += LANES) { most = max(most, values[k]); }
  let top = row_highest(highest(most), lane);

  // Exponentials are dear: they are kept in the result until their sum is known.
  let exists = own < params.rows;
  var sum = elements();
  for (var k = first; k < end; k += LANES) {
    let share = power(values[k] - elements(top));
    if (LOG == 0u && exists) { result[k] = share; }
    sum += share;
  }
  let whole = row_total(total(sum), lane);

  if (!exists) { return; }
  if (LOG == 1u) {
    let shift = log(whole);
    for (var k = first; k < end; k += LANES) { result[k] = values[k] - elements(top) - elements(shift); }
  } else {
    let scale = 1.0 / whole;
    for (var k = first; k < end; k += LANES) { result[k] *= scale; }
  }
}
