// Which kernels a step spends its time in: every dispatch between stamps of the GPU's own clock.

import type { DeviceLimits } from '../../../src/device/device.ts';
import { bytesOf, flopsOf } from '../../dry-run/cost.ts';
import type { DryDispatch } from '../../dry-run/dry-device.ts';
import type { StepModel } from '../../dry-run/step.ts';
import { stepDispatches } from '../../dry-run/step-dispatches.ts';
import { openWgrad } from '../hardware.ts';
import { measuredSteps, throughput, withStep } from '../model-steps.ts';
import type { Results } from '../results.ts';
import { Stamps } from '../stamps.ts';
import { median } from '../stopwatch.ts';

export async function run(results: Results): Promise<void> {
  const { limits } = await openWgrad(results.dry);
  for (const step of measuredSteps(results.dry)) {
    await results.piece(`profile ${step.join(' ')}`, () => profile(step, limits, results.dry));
  }
}

async function profile(which: readonly [StepModel, number], limits: DeviceLimits, dry: boolean) {
  // The same dispatches, in the same order, with what they do.
  const dispatches = await stepDispatches(...which, limits);
  const { rounds, msStep } = await withStep(dry, which, async (device, step) => {
    if (!device.gpu.features.has('timestamp-query')) throw new Error('the GPU has no timestamps');
    for (let i = 0; i < 4; i++) (await step()).dispose();
    const msStep = await throughput(step, device, dry ? 10 : 300);
    const stamps = new Stamps(device.gpu);
    const rounds: number[][] = [];
    while (rounds.length < (dry ? 2 : 12)) {
      stamps.start('dispatches');
      (await step()).dispose();
      await device.finish();
      rounds.push(await stamps.take());
    }
    return { rounds, msStep };
  });
  const counts = new Set(rounds.map(({ length }) => length));
  if (counts.size !== 1 || !counts.has(dispatches.length)) {
    throw new Error(`${[...counts]} dispatches were stamped, ${dispatches.length} are in the plan`);
  }
  const times = dispatches.map((dispatch, i) => ({
    dispatch,
    us: median(rounds.map((round) => round[i] ?? 0)),
  }));
  const few = times.filter(({ dispatch }) => dispatch.workgroups <= 16);
  return {
    usDispatches: sum(times),
    usStep: msStep * 1e3,
    dispatches: dispatches.length,
    ofAtMost16Workgroups: few.length,
    usInThose: sum(few),
    kernels: byKernel(times),
  };
}

interface Timed {
  readonly dispatch: DryDispatch;
  readonly us: number;
}

/** Those of one program over as many workgroups together, the longest first. */
function byKernel(times: readonly Timed[]) {
  const groups = new Map<string, Timed[]>();
  for (const timed of times) {
    const { program, workgroups } = timed.dispatch;
    const key = `${program.name} ${workgroups} ${flopsOf(timed.dispatch)}`;
    groups.set(key, [...(groups.get(key) ?? []), timed]);
  }
  return [...groups.values()]
    .sort((a, b) => sum(b) - sum(a))
    .map((group) => {
      const us = sum(group);
      const total = (what: (dispatch: DryDispatch) => number) =>
        group.reduce((all, { dispatch }) => all + what(dispatch), 0);
      const bytes = total((dispatch) => {
        const { bytesRead, bytesWritten } = bytesOf(dispatch);
        return bytesRead + bytesWritten;
      });
      return {
        kernel: group[0]?.dispatch.program.name,
        calls: group.length,
        us,
        workgroups: group[0]?.dispatch.workgroups,
        gbPerS: bytes / us / 1e3,
        tflops: total((dispatch) => flopsOf(dispatch) ?? 0) / us / 1e6,
      };
    });
}

function sum(times: readonly Timed[]): number {
  return times.reduce((all, { us }) => all + us, 0);
}
