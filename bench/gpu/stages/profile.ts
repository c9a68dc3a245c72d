// Which kernels a step spends its time in: every dispatch between stamps of the GPU's own clock.

import type { WebGpuDevice } from '../../../src/device/webgpu/webgpu-device.ts';
import { profile } from '../../../src/index.ts';
import { measuredSteps, type Step, throughput, withStep } from '../model-steps.ts';
import type { Results } from '../results.ts';

export async function run(results: Results): Promise<void> {
  for (const which of measuredSteps(results.dry)) {
    await results.piece(`profile ${which.join(' ')}`, () =>
      withStep(results.dry, which, (device, step) => measure(device, step, results.dry)),
    );
  }
}

async function measure(device: WebGpuDevice, step: Step, dry: boolean) {
  for (let i = 0; i < 4; i++) (await step()).dispose();
  const msStep = await throughput(step, device, dry ? 10 : 300);
  const work = async () => (await step()).dispose();
  const { rows, us, dispatches, note } = await profile(work, { calls: dry ? 2 : 12 });
  if (us === undefined) throw new Error(note);
  const few = rows.filter(({ workgroups }) => workgroups <= 16);
  return {
    usDispatches: us,
    usStep: msStep * 1e3,
    dispatches,
    ofAtMost16Workgroups: few.reduce((sum, { calls }) => sum + calls, 0),
    usInThose: few.reduce((sum, row) => sum + (row.us ?? 0), 0),
    kernels: rows,
  };
}
