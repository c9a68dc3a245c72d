// A row's label, where the row is walked one logit at a time.
fn logit_at(begin: u32, label: u32) -> f32 {
  return logits[begin + label];
}

fn is_label(position: u32, label: u32) -> bool {
  return position == label;
}
