// Exponentials that cost less than memory are computed again.
fn keep(k: u32, share: elements, exists: bool) {}

fn share(k: u32, logit: elements, top: f32) -> elements {
  return power(logit - elements(top));
}
