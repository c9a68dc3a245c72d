// The frame of what is computed from the softmax of rows [rows, size] of logits; rows/ has what
// completes it.
//
//   row r   [e e e e e e e e e e]    e: one f32, or a vec4 where rows are whole vec4s
//   lane     0 1 2 … L-1 0 1 …       L = LANES neighbouring invocations own a row, or a part of one
//
// LANES is 1 on CPUs. Where there are few long rows (SPLIT), each is cut into `chunks` parts of `span`
// elements. Files in functions/ say how the lanes come to what the row is scaled by
//   scale_of(at, held, lane, exists)    seen-walked: by walking along it; seen-merged: from that of parts
// and where a lane's elements are in the meantime
//   take(at), steps(at), is_there(at, i),    walk-memory: in memory
//   logit(at, held, i)                       walk-held: in registers
//   keep(k, share, exists), share(k, logit, top)    shares-kept: exp(x - highest) stays in the result,
//                                                   shares-anew: is computed again
// The file in rows/ declares `params` and
//   finish(at, held, scale)    stores what the row comes to; called once a lane, where the row exists
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<elements>;

// A lane's elements of a part of a row that begins at `begin`: every LANES-th from the first.
struct Walk {
  part: u32,
  row: u32,
  begin: u32,
  first: u32,
  end: u32,
}

// The highest logit of a row, the sum of exp(x - highest), and what that is above 1.
struct Scale {
  top: f32,
  whole: f32,
  rest: f32,
}

fn walk_of(part: u32, lane: u32) -> Walk {
  if (SPLIT == 0u) {
    let begin = part * params.size;
    return Walk(part, part, begin, begin + (lane & (LANES - 1u)), begin + params.size);
  }
  let row = part / params.chunks;
  let begin = row * params.size;
  let start = begin + (part - row * params.chunks) * params.span;
  let end = min(start + params.span, begin + params.size);
  return Walk(part, row, begin, start + (lane & (LANES - 1u)), end);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) num_groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_id.x + group_id.y * num_groups.x;
  let own = group * (WORKGROUP / LANES) + lane / LANES;
  let exists = own < params.parts;
  let at = walk_of(min(own, params.parts - 1u), lane);
  let held = take(at);
  let scale = scale_of(at, held, lane, exists);
  if (exists) { finish(at, held, scale); }
}
