// Whole training steps as a user takes them: how fast, who waits for whom, and whether they are right.

import type { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import { closeDevice, openWasm, setDevice } from '../../../src/index.ts';
import { stepOf } from '../../dry-run/step.ts';
import { watchCalls } from '../call-clock.ts';
import { measuredSteps, type Step, throughput, withStep } from '../model-steps.ts';
import type { Results } from '../results.ts';
import { Stamps } from '../stamps.ts';
import { median } from '../stopwatch.ts';

export async function run(results: Results): Promise<void> {
  const steps = measuredSteps(results.dry);
  for (const [model, batch] of steps) {
    await results.piece(`step ${model} ${batch}`, () =>
      withStep(results.dry, [model, batch], (device, step) => measure(device, step, results.dry)),
    );
  }
  // Independent of any driver.
  for (const [model, batch] of steps.filter(
    ([model, batch]) => batch <= 128 && model !== 'resnet50',
  )) {
    await results.piece(`losses on the CPU ${model} ${batch}`, async () => {
      await setDevice(await openWasm());
      try {
        return { losses: await firstLosses(stepOf(model, batch)) };
      } finally {
        closeDevice();
      }
    });
  }
}

async function measure(device: WebGpuDevice, step: Step, dry: boolean) {
  const start = performance.now();
  const losses = await firstLosses(step);
  const msFirstSteps = performance.now() - start;
  await throughput(step, device, dry ? 10 : 500);
  const msStep = await throughput(step, device, dry ? 30 : 1500);
  const count = dry ? 3 : Math.max(20, Math.min(100, Math.ceil(1000 / msStep)));
  const host = await hostShares(device, step, count);
  const latencies: number[] = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await (await step()).item();
    latencies.push(performance.now() - begun);
  }
  return {
    msStep,
    msUntilRead: median(latencies),
    ...host,
    usDevice: await deviceTime(device, step, count),
    msFirstSteps,
    memoryMB: device.counters.bytes / 1e6,
    losses,
  };
}

/** Microseconds of the host for a step, by what it does. */
async function hostShares(device: WebGpuDevice, step: Step, count: number) {
  await device.finish();
  const before = device.counters.dispatches;
  const spent = watchCalls(device);
  const start = performance.now();
  for (let i = 0; i < count; i++) (await step()).dispose();
  const loop = performance.now() - start;
  await device.finish();
  const each = (ms: number) => (ms * 1e3) / count;
  return {
    usJavaScript: each(loop - spent.device),
    usEncode: each(spent.encode),
    usWrite: each(spent.write),
    usSubmit: each(spent.submit),
    // Eight submissions may be under way, then the host waits.
    usWait: each(spent.device - spent.encode - spent.write - spent.submit),
    dispatches: (device.counters.dispatches - before) / count,
  };
}

/** Microseconds of the device for a step, between its own stamps. */
async function deviceTime(device: WebGpuDevice, step: Step, count: number) {
  if (!device.gpu.features.has('timestamp-query')) return 'no timestamps';
  const stamps = new Stamps(device.gpu);
  const samples: number[] = [];
  for (let i = 0; i < Math.min(count, 30); i++) {
    stamps.start();
    (await step()).dispose();
    await device.finish();
    samples.push((await stamps.take()).reduce((sum, us) => sum + us, 0));
  }
  return median(samples);
}

async function firstLosses(step: Step): Promise<number[]> {
  const losses: number[] = [];
  while (losses.length < 3) losses.push(await (await step()).item());
  return losses;
}
