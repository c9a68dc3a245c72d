import { NdArray } from './array.ts';
import { matMul } from './linear.ts';

/** What scores are made of besides queries and keys; `mask` is added, -∞ hides. */
export interface Scoring {
  readonly scale: number;
  readonly causal?: boolean;
  readonly mask?: NdArray;
}

const turned = (x: NdArray) => {
  const axes = [...x.shape.keys()];
  return x.transpose([...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
};

/** The scores of queries [..., M, D] by keys [..., L, D], -∞ where something hides a key. */
function scoresOf(query: NdArray, key: NdArray, { scale, causal, mask }: Scoring): NdArray {
  const products = matMul(query, turned(key)).map((x) => x * scale);
  const added = mask ? products.zip(mask.expand(products.shape), (x, more) => x + more) : products;
  const [queries, keys] = added.shape.slice(-2) as [number, number];
  return NdArray.build(added.shape, (_, at) => {
    const place = Math.floor(at / keys) % queries;
    return causal && at % keys > place ? Number.NEGATIVE_INFINITY : added.data[at]!;
  });
}

/** Row by row the softmax and log Σ exp; of a row that is -∞ all through both are 0. */
function softmaxOf(scores: NdArray): { weights: NdArray; sums: NdArray } {
  const keys = scores.shape.at(-1)!;
  const weights = new NdArray(scores.shape);
  const sums = new NdArray(scores.shape.slice(0, -1));
  for (let row = 0; row < sums.size; row++) {
    const own = scores.data.subarray(row * keys, (row + 1) * keys);
    const top = own.reduce((most, x) => Math.max(most, x));
    if (top === Number.NEGATIVE_INFINITY) continue;
    const whole = own.reduce((sum, x) => sum + Math.exp(x - top), 0);
    sums.data[row] = top + Math.log(whole);
    own.forEach((x, key) => {
      weights.data[row * keys + key] = Math.exp(x - top) / whole;
    });
  }
  return { weights, sums };
}

/** softmax(scale · q · kᵀ + mask) · v */
export function attention(q: NdArray, k: NdArray, v: NdArray, scoring: Scoring): NdArray {
  return matMul(softmaxOf(scoresOf(q, k, scoring)).weights, v);
}

/** What kernels of gradients are given, and what they should give, for a gradient g of the output. */
export function attentionGradients(
  [q, k, v]: readonly [NdArray, NdArray, NdArray],
  g: NdArray,
  scoring: Scoring,
) {
  const { weights, sums } = softmaxOf(scoresOf(q, k, scoring));
  const output = matMul(weights, v);
  const width = output.shape.at(-1)!;
  const means = NdArray.build(sums.shape, (_, row) => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += g.data[row * width + c]! * output.data[row * width + c]!;
    return sum;
  });
  const keys = weights.shape.at(-1)!;
  const byWeight = matMul(g, turned(v));
  const slopes = weights.zip(
    NdArray.build(
      byWeight.shape,
      (_, at) => byWeight.data[at]! - means.data[Math.floor(at / keys)]!,
    ),
    (weight, slope) => weight * slope,
  );
  const scaled = (x: NdArray) => x.map((value) => value * scoring.scale);
  return {
    sums,
    means,
    query: scaled(matMul(slopes, k)),
    key: scaled(matMul(turned(slopes), q)),
    value: matMul(turned(weights), g),
  };
}
