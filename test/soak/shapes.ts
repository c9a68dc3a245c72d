// Computes with one shape after the other, none of them twice:
//   node --import tsx --import ./scripts/wgsl-loader.mjs test/soak/shapes.ts [SHAPES] [SEED]
// Every result is held to the f64 reference, no more plans are kept than may be, hardly any kernel
// is compiled for a shape's own sake, and memory stays where it was. Prints one line of JSON; the
// exit code is 1 where anything was otherwise.
import { runtime } from '../../src/graph/execution/current-runtime.ts';
import { type AnyTensor, concat, conv2d, grad, matMul, maxPool2d } from '../../src/index.ts';
import { RandomStream } from '../../src/tensor/random/stream.ts';
import * as joining from '../reference/array.ts';
import { NdArray } from '../reference/array.ts';
import * as convolution from '../reference/convolution.ts';
import { matMul as product } from '../reference/linear.ts';
import * as pooling from '../reference/pooling.ts';
import * as reductions from '../reference/reductions.ts';
import { softmax } from '../reference/softmax.ts';
import { assertClose } from '../tensor/closeness.ts';
import { download, upload } from '../tensor/transfer.ts';
import { MemorySamples, SAMPLES } from './flat.ts';
import { showProgress } from './progress.ts';

const [shapes = 5000, seed = 1] = process.argv.slice(2).map(Number);
/** Plans that the runtime keeps at most. */
const MOST_PLANS = 256;
/** Kernels that the second half of a long run may still compile, as a part of its shapes. */
const NEW_KERNELS = 0.05;

interface Family {
  /** The largest extent of each axis that is drawn. */
  readonly most: readonly number[];
  /** What wgrad computes with these extents, what f64 does, and the size of the terms added up. */
  readonly of: (extents: readonly number[]) => readonly [AnyTensor, NdArray, scale: number];
}

const random = new RandomStream(seed);
/** Eighths of whole numbers, which f32 holds exactly. */
const values = (...shape: number[]) => NdArray.build(shape, () => (random.below(33) - 16) / 8);

const families: Record<string, Family> = {
  broadcast: {
    most: [20, 20, 20],
    of([a = 1, b = 1, c = 1]) {
      const [x, y] = [values(a, b, c), values(b, 1)];
      const expected = x.zip(y, (p, q) => Math.max(p * q + q, 0) * 0.5);
      return [upload(x).mul(upload(y)).add(upload(y)).relu().mul(0.5), expected, 4];
    },
  },
  reductions: {
    most: [12, 12, 12, 6],
    of([a = 1, b = 1, c = 1, d = 1]) {
      const x = values(a, b, c, d);
      const centred = x.zip(reductions.mean(x, [0, 2], true), (p, q) => p - q);
      const y = upload(x);
      return [y.sub(y.mean([0, 2], true)).max(-1), reductions.max(centred, -1), 4];
    },
  },
  'long sums': {
    most: [3, 20_000],
    of([rows = 1, columns = 1]) {
      const x = values(rows, columns);
      const expected = reductions.sum(
        x.map((value) => value * value),
        1,
      );
      return [upload(x).square().sum(1), expected, 0];
    },
  },
  matMul: {
    most: [60, 90, 60],
    of([m = 1, k = 1, n = 1]) {
      const [a, b] = [values(m, k), values(k, n)];
      const logits = matMul(upload(a), upload(b)).mul(1 / k);
      const expected = softmax(product(a, b).map((value) => value / k));
      return [logits.softmax(), expected, 1];
    },
  },
  convolution: {
    most: [2, 12, 12, 5, 9],
    of([count = 1, height = 1, width = 1, channels = 1, filters = 1]) {
      const x = values(count, height + 1, width + 1, channels);
      const filter = values(3, 3, channels, filters);
      const y = conv2d(upload(x), upload(filter), { padding: 'same' }).relu();
      const summed = convolution.conv2d(x, filter, { padding: [1, 1, 1, 1] });
      const expected = summed.map((value) => Math.max(value, 0));
      return [maxPool2d(y, { filterSize: 2 }), pooling.maxPool2d(expected, { window: [2, 2] }), 36];
    },
  },
  views: {
    most: [16, 16, 16],
    of([a = 1, b = 1, c = 1]) {
      const x = values(a, b, c);
      const turned = upload(x).transpose([2, 0, 1]);
      const y = concat([turned, turned.flip(1)], 2).pad([
        [1, 0],
        [0, 2],
        [0, 0],
      ]);
      const reference = x.transpose([2, 0, 1]);
      const joined = joining.concat([reference, reference.flip(1)], 2);
      return [y.neg(), joined.pad([1, 0, 0], [0, 2, 0]).map((value) => 0 - value), 0];
    },
  },
  gradients: {
    most: [30, 30, 30],
    of([m = 1, k = 1, n = 1]) {
      const [a, b] = [values(m, k), values(k, n)];
      const weights = upload(b);
      const [slope] = grad(matMul(upload(a), weights).square().sum(), [weights]);
      const expected = product(a.transpose(), product(a, b)).map((value) => 2 * value);
      return [slope as AnyTensor, expected, m * k * 8];
    },
  },
};

const seen = new Set<string>();
const memory = new MemorySamples();
const failures: string[] = [];
const { device } = await runtime();
let [mostPlans, kernelsAtHalf] = [0, 0];
for (let i = 1; i <= shapes; i++) {
  const [name, extents, family] = newShape();
  const [actual, expected, scale] = family.of(extents);
  try {
    assertClose(await download(actual), expected, { relative: 2e-6, scale }, name);
  } catch (error) {
    failures.push(String(error));
  }
  mostPlans = Math.max(mostPlans, (await runtime()).planCount);
  if (i === Math.ceil(shapes / 2)) kernelsAtHalf = device.counters.pipelines;
  if (i % Math.ceil(shapes / SAMPLES) === 0) await memory.take();
  showProgress('shapes', i, shapes);
}
const kernels = device.counters.pipelines;
const late = kernels - kernelsAtHalf;
if (mostPlans > MOST_PLANS) failures.push(`${mostPlans} plans are kept`);
if (shapes > 1000 && late > NEW_KERNELS * shapes) failures.push(`${late} kernels compiled late`);
if (!memory.areFlat()) failures.push('memory grows');
const { samples, deviceMB } = memory;
const result = { name: 'shapes', device: device.kind, shapes, seed, mostPlans, kernels, late };
console.log(JSON.stringify({ ...result, samples, deviceMB, failures: failures.slice(0, 20) }));
process.exit(failures.length > 0 ? 1 : 0);

/** A family and extents that no earlier call has returned. */
function newShape(): readonly [string, readonly number[], Family] {
  const all = Object.entries(families);
  for (;;) {
    const [name, family] = all[random.below(all.length)] as [string, Family];
    const extents = family.most.map((most) => 1 + random.below(most));
    const key = `${name} [${extents}]`;
    if (seen.has(key)) continue;
    seen.add(key);
    return [key, extents, family];
  }
}
