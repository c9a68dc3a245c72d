// A block that one invocation owns alone: nothing of it goes before its stretch.
fn before(at: Stretch, lane: u32) -> scalar {
  return nothing();
}
