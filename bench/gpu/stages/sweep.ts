// Every variant of a product, side by side: the best of them as a table, what wgrad's choice loses, and
// the file from which a tuned device takes the best of those that it would measure itself.

import type { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import { BoundLaunches } from '../../../src/graph/tuning/bound-launches.ts';
import { agree, settled } from '../../../src/graph/tuning/fastest.ts';
import { choicesInCache } from '../../../src/graph/tuning/saved-choices.ts';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import type { Launches } from '../../../src/kernels/launch.ts';
import { openWgrad } from '../hardware.ts';
import { type Problem, problems } from '../problems.ts';
import type { Results } from '../results.ts';
import { Stamps } from '../stamps.ts';
import { median } from '../stopwatch.ts';

/** What is slower than the best so far by this is measured once only. */
const HOPELESS = 1.5;

export async function run(results: Results): Promise<void> {
  const device = await openWgrad(results.dry, { tune: true });
  if (!device.gpu.features.has('timestamp-query')) throw new Error('the GPU has no timestamps');
  const stamps = new Stamps(device.gpu);
  for (const problem of problems(device.limits, results.dry)) {
    await results.piece(problem.name, () => sweep(problem, device, stamps, results.dry));
    await keepChoices(results, device);
  }
}

/** Adds what came out, now or in an earlier run, to what a tuned device knows; nothing is replaced there. */
async function keepChoices({ done }: Results, { tuning = '' }: WebGpuDevice): Promise<void> {
  const saved = await choicesInCache(tuning);
  const found = done.map(({ tuned, way }) => [String(tuned), String(way)] as const);
  await saved.save(new Map([...found, ...(await saved.load())]));
}

async function sweep(problem: Problem, device: WebGpuDevice, stamps: Stamps, dry: boolean) {
  const measured: { name: string; best: number }[] = [];
  const wrong: string[] = [];
  let expected: HostArray | undefined;
  let best = Number.POSITIVE_INFINITY;
  // What is chosen comes first: others are held against its results and its time.
  const [chosen = '', ...ways] = problem.ways;
  const others = [...problem.variants.keys()].filter((name) => name !== chosen);
  // Software drivers take long to compile the large ones, which come first.
  for (const name of [chosen, ...(dry ? ways.slice(-1) : others)]) {
    const launches = problem.variants.get(name) as () => Launches;
    const bound = await BoundLaunches.bind(device, launches(), problem);
    try {
      // The first run is not timed: some drivers compile in it.
      await timed(bound, device, stamps, 1);
      const result = await bound.result();
      expected ??= result;
      if (!agree(result, expected)) {
        wrong.push(name);
        continue;
      }
      const us = await steady(bound, device, stamps, dry, best);
      measured.push({ name, best: us });
      best = Math.min(best, us);
    } finally {
      bound.destroy();
    }
  }
  const [guess] = measured;
  if (!guess) throw new Error('nothing was measured');
  const tunable = measured.filter(({ name }) => problem.ways.includes(name));
  const ranking = measured.toSorted((a, b) => a.best - b.best);
  return {
    chosen,
    usChosen: guess.best,
    best: ranking[0]?.name,
    usBest: best,
    slower: guess.best / best,
    tflops: problem.flops / best / 1e6,
    tuned: problem.tuned,
    way: settled(guess, tunable).name,
    wrong,
    variants: ranking.map(({ name, best }) => ({ variant: name, us: best })),
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
