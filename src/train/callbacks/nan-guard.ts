import { ArgumentError } from '../../errors.ts';
import { traceLayers } from '../../nn/trace.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Training } from '../training.ts';
import type { Callback } from './callback.ts';

export interface NanGuardOptions {
  /** Steps between two looks; each waits for the device. Default 50. */
  readonly everySteps?: number;
}

/**
 * Stops training when the loss is no number any more, and says where it began: the first layer, in
 * the order of computing, whose weights or output are not finite. A loss that was NaN at any step
 * shows in the epoch's sum, so that none is missed between two looks.
 */
export function nanGuard({ everySteps = 50 }: NanGuardOptions = {}): Callback {
  if (!(Number.isInteger(everySteps) && everySteps > 0)) {
    throw new ArgumentError(
      `nanGuard: everySteps must be a whole number above 0, not ${everySteps}.`,
    );
  }
  return {
    name: 'nanGuard',
    async onStepEnd(training) {
      const { step, stepsPerEpoch, means } = training;
      if (step % everySteps !== 0 && step !== stepsPerEpoch) return;
      const { loss } = await means.read();
      if (Number.isFinite(loss)) return;
      const culprit = await firstNonFinite(training);
      training.stop(
        `the loss is ${loss} after step ${training.totalSteps}; ` +
          `${culprit ?? 'all weights and outputs are finite again'}. Try a lower learning rate ` +
          'or clipNorm.',
        'diverged',
      );
    },
  };
}

/** What is first not finite on the batch at hand, in words. */
async function firstNonFinite({ model, batch }: Training): Promise<string | undefined> {
  if (!batch) return undefined;
  const values: { readonly what: string; readonly value: AnyTensor }[] = [];
  traceLayers(model, batch.inputs, { training: false }, (layer, path, _, output) => {
    for (const variable of layer.ownVariables) {
      values.push({ what: `${variable.name} of ${path}`, value: variable.value });
    }
    if (layer.children.length > 0) return;
    values.push({ what: `the output of ${path} (${layer.type})`, value: output });
  });
  for (const { what, value } of values) {
    // Looked at on the host: shaders may be compiled as if there were no NaN.
    if (!(await value.data()).every(Number.isFinite)) return `first not finite: ${what}`;
  }
  return undefined;
}
