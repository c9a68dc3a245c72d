import { NdArray } from './array.ts';

/** Mean and mean squared deviation of each channel, the last axis. */
export function channelMoments(input: NdArray): { mean: NdArray; variance: NdArray } {
  const channels = input.shape.at(-1)!;
  const count = input.size / channels;
  const mean = perChannel(input, channels, (_, at) => input.data[at]! / count);
  const variance = perChannel(
    input,
    channels,
    (channel, at) => (input.data[at]! - mean.data[channel]!) ** 2 / count,
  );
  return { mean, variance };
}

/** Normalised by the batch's own moments; `variance` is the one divided by the count. */
export function batchNormTraining(
  input: NdArray,
  gamma: NdArray,
  beta: NdArray,
  epsilon: number,
): { output: NdArray; mean: NdArray; variance: NdArray } {
  const { mean, variance } = channelMoments(input);
  return {
    output: batchNormInference(input, mean, variance, gamma, beta, epsilon),
    mean,
    variance,
  };
}

export function batchNormInference(
  input: NdArray,
  mean: NdArray,
  variance: NdArray,
  gamma: NdArray,
  beta: NdArray,
  epsilon: number,
): NdArray {
  const normalized = normalize(input, mean, variance, epsilon);
  return normalized.zip(gamma, (x, g) => x * g).zip(beta, (x, b) => x + b);
}

/** dx = γ/σ · (dy - mean(dy) - x̂ · mean(dy · x̂)), where the means are over the channel. */
export function batchNormTrainingGradient(
  input: NdArray,
  gamma: NdArray,
  outputGradient: NdArray,
  epsilon: number,
): { input: NdArray; gamma: NdArray; beta: NdArray } {
  const { mean, variance } = channelMoments(input);
  const channels = gamma.size;
  const count = input.size / channels;
  const xHat = normalize(input, mean, variance, epsilon).data;
  const dy = outputGradient.data;
  const dGamma = perChannel(input, channels, (_, at) => dy[at]! * xHat[at]!);
  const dBeta = perChannel(input, channels, (_, at) => dy[at]!);
  const dInput = NdArray.build(input.shape, (_, at) => {
    const channel = at % channels;
    const scale = gamma.data[channel]! / Math.sqrt(variance.data[channel]! + epsilon);
    const meanDy = dBeta.data[channel]! / count;
    const meanDyXHat = dGamma.data[channel]! / count;
    return scale * (dy[at]! - meanDy - xHat[at]! * meanDyXHat);
  });
  return { input: dInput, gamma: dGamma, beta: dBeta };
}

/** Here mean and variance are arguments of their own: dσ² = Σ dy·γ·(x-μ) · -½(σ²+ε)^-3/2. */
export function batchNormInferenceGradient(
  input: NdArray,
  mean: NdArray,
  variance: NdArray,
  gamma: NdArray,
  outputGradient: NdArray,
  epsilon: number,
): { input: NdArray; mean: NdArray; variance: NdArray; gamma: NdArray; beta: NdArray } {
  const channels = gamma.size;
  const xHat = normalize(input, mean, variance, epsilon).data;
  const dy = outputGradient.data;
  const scale = gamma.zip(variance, (g, v) => g / Math.sqrt(v + epsilon));
  return {
    input: outputGradient.zip(scale, (d, s) => d * s),
    mean: perChannel(input, channels, (channel, at) => -dy[at]! * scale.data[channel]!),
    variance: perChannel(
      input,
      channels,
      (channel, at) =>
        (dy[at]! * gamma.data[channel]! * (input.data[at]! - mean.data[channel]!)) /
        (-2 * (variance.data[channel]! + epsilon) ** 1.5),
    ),
    gamma: perChannel(input, channels, (_, at) => dy[at]! * xHat[at]!),
    beta: perChannel(input, channels, (_, at) => dy[at]!),
  };
}

const normalize = (input: NdArray, mean: NdArray, variance: NdArray, epsilon: number): NdArray =>
  input.zip(mean, (x, m) => x - m).zip(variance, (x, v) => x / Math.sqrt(v + epsilon));

/** Sums a term over all elements of each channel. */
function perChannel(
  input: NdArray,
  channels: number,
  term: (channel: number, at: number) => number,
): NdArray {
  const out = new NdArray([channels]);
  for (let at = 0; at < input.size; at++) {
    const channel = at % channels;
    out.data[channel]! += term(channel, at);
  }
  return out;
}

/** x / (bias + alpha · Σ x²) ^ beta, over the channels, which come last, at most `radius` away. */
export function localResponse(
  x: NdArray,
  { radius = 5, bias = 1, alpha = 1, beta = 0.5 } = {},
): NdArray {
  const channels = x.shape.at(-1)!;
  return NdArray.build(x.shape, (index) => {
    const c = index.at(-1)!;
    let squares = 0;
    for (let i = Math.max(0, c - radius); i <= Math.min(channels - 1, c + radius); i++) {
      squares += x.at(...index.slice(0, -1), i) ** 2;
    }
    return x.at(...index) / (bias + alpha * squares) ** beta;
  });
}
