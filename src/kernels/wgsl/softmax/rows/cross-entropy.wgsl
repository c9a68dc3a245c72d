// Softmax cross-entropy of rows of logits [rows, size] with one label a row:
// loss = log Σ exp(x) - x[label]; a label that is no class gives NaN.
//
//   row r   [e e e e e e e e e e]    e: one f32, or a vec4 where rows are whole vec4s
//   lane     0 1 2 … L-1 0 1 …       L = LANES neighbouring invocations own a row
//
// LANES is 1 on CPUs. Two walks over the row, the second from cache: the highest, then the sum of
// exp(x - highest). Per output: 4·size bytes read, 4 written, size exponentials, 3·size operations.
struct Params {
  rows: u32,
  size: u32,
  width: u32,
  nan: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<elements>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let row = min(own, params.rows - 1u);
  let begin = row * params.size;
  let first = begin + (lane & (LANES - 1u));
  let end = begin + params.size;

  // Lanes without an element repeat the row's first one, which cannot be higher than the highest.
  var most = logits[begin];
  for (var k = first; k < end; k += LANES) { most = max(most, logits[k]); }
  let top = row_highest(highest(most), lane);

  var sum = elements();
  for (var k = first; k < end; k += LANES) { sum += power(logits[k] - elements(top)); }
  let whole = row_total(total(sum), lane);

  if (own < params.rows && (lane & (LANES - 1u)) == 0u) {
    let label = u32(labels[row]);
    let known = label < params.size * params.width;
    let chosen = logit_at(begin, select(0u, label, known));
    loss[row] = select(bitcast<f32>(params.nan), log(whole) + (top - chosen), known);
  }
}
