// The gradient of softmax cross-entropy: (softmax(x) - onehot(label)) · g, rows [rows, size] with
// one label and one g a row; a label that is no class gives NaN.
//
//   row r   [e e e e e e e e e e]    e: one f32, or a vec4 where rows are whole vec4s
//   lane     0 1 2 … L-1 0 1 …       L = LANES neighbouring invocations own a row
//
// LANES is 1 on CPUs. Three walks over the row, the later ones from cache: the highest, the sum of
// exp(x - highest), the result. Per element: 4 bytes read from memory, 4 written, 2 exponentials
// and 8 operations.
struct Params {
  rows: u32,
  size: u32,
  width: u32,
  nan: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<elements>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read> grads: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<elements>;

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

  if (own >= params.rows) { return; }
  let label = u32(labels[row]);
  let known = label < params.size * params.width;
  let grad = select(bitcast<f32>(params.nan), grads[row], known);
  let scale = grad / whole;
  for (var k = first; k < end; k += LANES) {
    let hit = select(elements(), elements(grad), is_label(k - begin, label));
    result[k] = power(logits[k] - elements(top)) * scale - hit;
  }
}
