// The sums (products, extremes, …) of all elements up to each, along an axis: [outer, size, inner] → the
// same shape.
//
//   line    a b c d│e f g h│i j k l      LANES neighbouring invocations own a block of `span` elements of
//   lanes   0   1  │0   1  │0   1        a line, each a stretch of them: it adds its stretch up, learns
//   before  0  ab   abcd …               what goes before it, and walks along it once more
//
// LANES is 1 on CPUs, and where there are many lines. What goes before a block is the sum of the blocks
// before it, which a pass of the same kernel has found. REVERSE counts the axis from its end, EXCLUSIVE
// leaves the element itself out.
// Per output: 4 to 8 bytes read, 4 written, 1 to 2 operations; 4 bytes of workgroup memory an invocation
// and 2 · log2(LANES) barriers.
//
// Files in functions/ say
//   joined(a, b)             what two neighbouring sums make: joined, joined-log-sum-exp
//   before(at, lane)         what goes before a lane's stretch within its block: alone, among
//   carried(block)           what goes before a block: carry-none, carry-listed
//   finish(at, sum, lane)    what is stored: keep-sums all sums, keep-total the last of each block
struct Params {
  count: u32,
  blocks: u32,
  size: u32,
  inner: u32,
  span: u32,
  identity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<scalar>;

// The sum of no elements.
fn nothing() -> scalar {
  return bitcast<scalar>(params.identity);
}

// A lane's stretch of the line that begins at `line`, from element `first` to before `end`.
struct Stretch {
  block: u32,
  line: u32,
  first: u32,
  end: u32,
}

fn element(line: u32, k: u32) -> u32 {
  return line + select(k, params.size - 1u - k, REVERSE == 1u) * params.inner;
}

fn stretch_of(block: u32, lane: u32) -> Stretch {
  let slab = block / params.inner;
  let outer = slab / params.blocks;
  let begin = (slab - outer * params.blocks) * params.span;
  let end = min(begin + params.span, params.size);
  let each = (params.span + LANES - 1u) / LANES;
  let first = min(begin + (lane & (LANES - 1u)) * each, end);
  let line = outer * params.size * params.inner + block - slab * params.inner;
  return Stretch(block, line, first, min(first + each, end));
}

fn total(at: Stretch) -> scalar {
  var sum = nothing();
  for (var k = at.first; k < at.end; k++) { sum = joined(sum, values[element(at.line, k)]); }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let exists = own < params.count;
  let at = stretch_of(min(own, params.count - 1u), lane);
  let sum = before(at, lane);
  if (exists) { finish(at, sum, lane); }
}
