// Lines of one block.
fn carried(block: u32) -> scalar {
  return nothing();
}
