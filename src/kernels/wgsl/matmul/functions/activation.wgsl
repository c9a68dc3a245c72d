// What happens to a sum before it is stored: activation(x + bias), a function file for the
// epilogues of matmul and convolution. No tile of its own: four neighbouring columns of one output
// row at a time, in registers; 4 bytes of bias read (shared by all rows), 1 to about 10 operations
// per output. ACTIVATION is numbered like `activations` in launch.ts; both constants fold away.

fn activated(x: vec4<f32>) -> vec4<f32> {
  switch (ACTIVATION) {
    // Written with a comparison, not max(), so that NaN stays NaN.
    case 1u: { return select(x, vec4<f32>(), x < vec4<f32>()); }
    case 2u: { return 1.0 / (1.0 + exp(-x)); }
    case 3u: { return tanh(x); }
    default: { return x; }
  }
}
