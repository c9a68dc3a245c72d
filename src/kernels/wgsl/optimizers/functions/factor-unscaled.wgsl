// What the gradients of a loss that was scaled, of a norm, are multiplied by so that they are those of
// the loss itself, and their norm at most maxNorm; 0 where one of them is infinite or NaN.
@group(0) @binding(3) var<storage, read> lossScale: array<f32>;

fn factor_of(norm: f32) -> f32 {
  let scale = lossScale[0];
  let factor = min(1.0, params.maxNorm / (norm / scale + 1e-6)) / scale;
  return select(0.0, factor, (bitcast<u32>(norm) & 0x7fffffffu) < 0x7f800000u);
}
