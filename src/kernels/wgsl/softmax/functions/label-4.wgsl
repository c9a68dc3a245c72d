// A row's label, where the row is walked four logits at a time.
fn logit_at(begin: u32, label: u32) -> f32 {
  return logits[begin + label / 4u][label & 3u];
}

fn is_label(position: u32, label: u32) -> vec4<bool> {
  return vec4<u32>(position * 4u) + vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(label);
}
