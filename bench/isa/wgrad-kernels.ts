// wgrad's kernels for a piece of work, as its scheduler and launch rules give them for a large GPU.
import * as wgrad from '../../src/index.ts';
import { DryDevice } from '../dry-run/dry-device.ts';
import { h100 } from '../dry-run/gpus.ts';
import { segmentSteps } from '../dry-run/names.ts';
import { stepDispatches } from '../dry-run/step-dispatches.ts';
import { prepareOperation } from '../peers/wgrad/operations.ts';
import { groupLaunches, type LaunchedKernel } from './kernels.ts';
import type { IsaWork } from './works.ts';

export async function wgradKernels(work: IsaWork): Promise<LaunchedKernel[]> {
  const dispatches = await dispatchesOf(work);
  return groupLaunches(
    dispatches.map((dispatch) => {
      const { program, workgroups } = dispatch;
      const innerTurns = segmentSteps(dispatch);
      return {
        label: program.name,
        source: program.source,
        entryPoint: 'main',
        workgroups,
        ...(innerTurns === undefined ? {} : { innerTurns }),
      };
    }),
  );
}

async function dispatchesOf(work: IsaWork) {
  if ('step' in work) return stepDispatches(work.step, work.batch);
  const { work: asked } = work.case;
  if (asked.kind === 'trainStep') return stepDispatches(asked.model, asked.batch);
  const device = new DryDevice('a GPU that is not there', h100);
  await wgrad.setDevice(device);
  try {
    await prepareOperation(wgrad, device, asked, 'dtype' in work ? work.dtype : 'f32').run();
    return device.take();
  } finally {
    wgrad.closeDevice();
  }
}
