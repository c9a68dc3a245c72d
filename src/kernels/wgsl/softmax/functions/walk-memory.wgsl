// A lane's elements stay in memory: each walk reads them again.
alias Held = u32;

fn take(at: Walk) -> Held {
  return 0u;
}

fn steps(at: Walk) -> u32 {
  return (max(at.end, at.first) - at.first + LANES - 1u) / LANES;
}

fn is_there(at: Walk, i: u32) -> bool {
  return true;
}

fn logit(at: Walk, held: Held, i: u32) -> elements {
  return logits[at.first + i * LANES];
}
