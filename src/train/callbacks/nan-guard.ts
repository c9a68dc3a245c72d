import { requireOptions, requireWhole } from '../../arguments.ts';
import type { Training } from '../training.ts';
import type { Callback } from './callback.ts';
import { copyWeights, firstNonFinite, type WeightCopies } from './non-finite.ts';

export interface NanGuardOptions {
  /** Steps between two looks; each waits for the device and copies the weights. Default 50. */
  readonly everySteps?: number;
}

/**
 * Stops training when the loss is no finite number any more, and says where it began: the first
 * layer, in the order of computing, whose weights or output are not finite. As one bad step spoils
 * all weights, those of the look before are applied to the batch at hand; with `everySteps: 1` that
 * is just how the loss came about. A loss that was NaN at any step shows in the epoch's sum, so that
 * none is missed between two looks.
 *
 * @throws ArgumentError unless everySteps is a whole number above 0
 */
export function nanGuard(options: NanGuardOptions = {}): Callback {
  requireOptions('nanGuard', options, ['everySteps']);
  const { everySteps = 50 } = options;
  requireWhole('nanGuard', { everySteps }, { from: 1 });
  let before: { readonly step: number; readonly weights: WeightCopies } | undefined;
  const keep = async ({ model, totalSteps }: Training) => {
    for (const copy of before?.weights.values() ?? []) copy.dispose();
    before = { step: totalSteps, weights: await copyWeights(model) };
  };
  return {
    name: 'nanGuard',
    onTrainBegin: keep,
    async onStepEnd(training) {
      const { step, stepsPerEpoch, means, model, batch, totalSteps } = training;
      if (step % everySteps !== 0 && step !== stepsPerEpoch) return;
      const { loss } = await means.read();
      if (Number.isFinite(loss)) return keep(training);
      if (!(before && batch)) return;
      const culprit = await firstNonFinite(model, batch.inputs, before.weights);
      const where = culprit
        ? `first not finite: ${culprit}`
        : before.step === totalSteps - 1
          ? 'the outputs were finite, so it is the loss itself'
          : `all was finite up to step ${before.step}; nanGuard({ everySteps: 1 }) tells which layer is first`;
      training.stop(
        `the loss is ${loss} after step ${totalSteps}; ${where}. Try a lower learning rate or clipNorm.`,
        'diverged',
      );
    },
    onTrainEnd() {
      for (const copy of before?.weights.values() ?? []) copy.dispose();
      before = undefined;
    },
  };
}
