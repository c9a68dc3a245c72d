// The dispatches of one training step on a GPU that need not be there.
import type { DeviceLimits } from '../../src/device/device.ts';
import { closeDevice, setDevice } from '../../src/index.ts';
import { DryDevice, type DryDispatch } from './dry-device.ts';
import { h100 } from './gpus.ts';
import { type StepModel, stepOf } from './step.ts';

/** Those of a step like all later ones: forward, gradients and Adam's update. */
export async function stepDispatches(
  model: StepModel,
  batch: number,
  limits: DeviceLimits = h100,
): Promise<DryDispatch[]> {
  const device = new DryDevice('a GPU that is not there', limits);
  await setDevice(device);
  try {
    const step = stepOf(model, batch);
    // The first step draws the weights as well.
    await step();
    device.take();
    await step();
    return device.take();
  } finally {
    closeDevice();
  }
}
