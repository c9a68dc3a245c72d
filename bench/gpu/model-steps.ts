// The steps that are measured, and how fast they follow each other.

import type { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';
import { closeDevice, setDevice } from '../../src/index.ts';
import { type StepModel, stepOf } from '../dry-run/step.ts';
import { openWgrad } from './hardware.ts';

export type Step = ReturnType<typeof stepOf>;

/** Models and batches, those first that say most. */
export function measuredSteps(dry: boolean): (readonly [StepModel, number])[] {
  if (dry)
    return [
      ['dnn', 4],
      ['convnet', 2],
    ];
  const models = ['convnet', 'resnet', 'dnn'] as const;
  return [
    ...[128, 1024, 32].flatMap((batch) => models.map((model) => [model, batch] as const)),
    ['resnet50', 32],
    ['resnet50', 128],
  ];
}

/** Opens the GPU for wgrad, hands it over with a step, and closes it again. */
export async function withStep<T>(
  dry: boolean,
  [model, batch]: readonly [StepModel, number],
  work: (device: WebGpuDevice, step: Step) => Promise<T>,
): Promise<T> {
  const device = await openWgrad(dry);
  await setDevice(device);
  try {
    return await work(device, stepOf(model, batch));
  } finally {
    closeDevice();
  }
}

/** Milliseconds of a step when steps follow each other and nobody reads: the best of three rounds. */
export async function throughput(step: Step, device: WebGpuDevice, ms: number): Promise<number> {
  const rounds: number[] = [];
  while (rounds.length < 3) {
    await device.finish();
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < ms / 3 || count < 3) {
      (await step()).dispose();
      count++;
    }
    await device.finish();
    rounds.push((performance.now() - start) / count);
  }
  return Math.min(...rounds);
}
