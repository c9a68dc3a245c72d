// Every variant of a product, side by side: the best of them as a table, and what wgrad's choice loses.

import type { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import { BoundLaunches } from '../../../src/graph/tuning/bound-launches.ts';
import {
  type BlockedVariant,
  nameOf as named,
} from '../../../src/kernels/matmul/blocked-variant.ts';
import { openWgrad } from '../hardware.ts';
import { type Problem, problems } from '../problems.ts';
import type { Results } from '../results.ts';
import { Stamps } from '../stamps.ts';
import { median } from '../stopwatch.ts';

/** What is slower than the best so far by this is measured once only. */
const HOPELESS = 1.5;
/** Sums in another order differ by less, relative to the largest result. */
const TOLERANCE = 1e-3;

export async function run(results: Results): Promise<void> {
  const device = await openWgrad(results.dry);
  if (!device.gpu.features.has('timestamp-query')) throw new Error('the GPU has no timestamps');
  const stamps = new Stamps(device.gpu);
  for (const problem of problems(device.limits, results.dry)) {
    await results.piece(problem.name, () => sweep(problem, device, stamps, results.dry));
  }
}

async function sweep(problem: Problem, device: WebGpuDevice, stamps: Stamps, dry: boolean) {
  const measured: { variant: BlockedVariant; us: number }[] = [];
  const wrong: string[] = [];
  let expected: Float32Array | undefined;
  let best = Number.POSITIVE_INFINITY;
  // What is chosen comes first: others are held against its results and its time.
  const isChosen = (variant: BlockedVariant) => named(variant) === named(problem.chosen);
  const others = problem.variants.filter((variant) => !isChosen(variant));
  // Software drivers take long to compile the large ones, which come first.
  for (const variant of [problem.chosen, ...(dry ? others.slice(-1) : others)]) {
    const bound = await BoundLaunches.bind(device, problem.launches(variant), problem);
    try {
      // The first run is not timed: some drivers compile in it.
      await timed(bound, device, stamps, 1);
      const result = await bound.result();
      expected ??= result;
      if (!agree(result, expected)) {
        wrong.push(named(variant));
        continue;
      }
      const us = await steady(bound, device, stamps, dry, best);
      measured.push({ variant, us });
      best = Math.min(best, us);
    } finally {
      bound.destroy();
    }
  }
  measured.sort((a, b) => a.us - b.us);
  const chosen = measured.find(({ variant }) => isChosen(variant));
  const [fastest] = measured;
  return {
    chosen: named(problem.chosen),
    usChosen: chosen?.us,
    best: fastest && named(fastest.variant),
    usBest: fastest?.us,
    slower: (chosen?.us ?? Number.NaN) / (fastest?.us ?? Number.NaN),
    tflops: problem.flops / (fastest?.us ?? Number.NaN) / 1e6,
    wrong,
    variants: measured.map(({ variant, us }) => ({ variant: named(variant), us })),
  };
}

/** Repeated until a pass takes two milliseconds; the median of five, or one where it is hopeless. */
async function steady(
  bound: BoundLaunches,
  device: WebGpuDevice,
  stamps: Stamps,
  dry: boolean,
  best: number,
): Promise<number> {
  const once = await timed(bound, device, stamps, 1);
  if (once > 10 * best) return once;
  const times = dry ? 1 : Math.max(1, Math.min(500, Math.ceil(2000 / once)));
  const samples = [await timed(bound, device, stamps, times)];
  if ((samples[0] ?? 0) > HOPELESS * best) return samples[0] ?? 0;
  while (samples.length < (dry ? 2 : 5)) samples.push(await timed(bound, device, stamps, times));
  return median(samples);
}

/** Microseconds of the device for one run of all launches. */
async function timed(bound: BoundLaunches, device: WebGpuDevice, stamps: Stamps, times: number) {
  const recording = bound.record(times);
  stamps.start();
  await device.submit(recording, []);
  await device.finish();
  const [us = 0] = await stamps.take();
  recording.destroy();
  return us / times;
}

function agree(result: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.every((value, i) => Math.abs(value - (result[i] ?? 0)) <= TOLERANCE * largest);
}
