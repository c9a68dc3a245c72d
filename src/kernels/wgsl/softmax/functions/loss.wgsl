// The loss of a row, log Σ exp(x) - x[label], by its highest logit and the sum's rest above 1; a label
// that is no class gives NaN.
fn loss_of(at: Walk, scale: Scale) -> f32 {
  let label = u32(labels[at.row]);
  let known = label < params.size * params.width;
  let chosen = logit_at(at.begin, select(0u, label, known));
  return select(
    bitcast<f32>(params.nan),
    logarithm_one_plus(vec4<f32>(scale.rest)).x + (scale.top - chosen),
    known,
  );
}
