// A lane's elements, HELD at most, are read at once and stay in registers; what is beyond the last
// repeats it.
alias Held = array<elements, HELD>;

fn take(at: Walk) -> Held {
  var held: Held;
  for (var i = 0u; i < HELD; i++) { held[i] = logits[min(at.first + i * LANES, at.end - 1u)]; }
  return held;
}

fn steps(at: Walk) -> u32 {
  return HELD;
}

fn is_there(at: Walk, i: u32) -> bool {
  return at.first + i * LANES < at.end;
}

fn logit(at: Walk, held: Held, i: u32) -> elements {
  return held[i];
}
