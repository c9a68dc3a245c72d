// Exponentials that are dear are kept in the result until their sum is known.
fn keep(k: u32, share: elements, exists: bool) {
  if (exists) { result[k] = share; }
}

fn share(k: u32, logit: elements, top: f32) -> elements {
  return result[k];
}
