import { requireOptions, requireText } from '../../arguments.ts';
import { type Events, openEvents } from '../../io/tensorboard/open-events.ts';
import { metricOf } from '../metric-name.ts';
import type { StepGradients, Training } from '../training.ts';
import type { Callback } from './callback.ts';

export interface TensorBoardOptions {
  /** Whether weights and gradients get a histogram each epoch (default). */
  readonly histograms?: boolean;
}

/**
 * Writes an event file for TensorBoard into a folder: metrics by epoch under `train/` and
 * `validation/`, the learning rate, histograms of every weight and of its gradient at the last step
 * of each epoch. Node only; needs protobufjs and crc-32.
 *
 * Training throws MissingPackageError without them, and DataError where nothing can be written.
 */
export function tensorBoard(folder: string, options: TensorBoardOptions = {}): Callback {
  requireText('tensorBoard', 'folder', folder);
  requireOptions('tensorBoard', options, ['histograms']);
  const { histograms = true } = options;
  let events: Events | undefined;
  let last: StepGradients | undefined;
  return {
    name: `tensorBoard ${folder}`,
    isForFirstRank: true,
    async onTrainBegin({ epoch }) {
      // What an earlier run wrote for the epochs to come, before it was cut off, is dropped.
      events = await openEvents(folder, { resumeAt: epoch + 1 });
    },
    wantsGradients: ({ step, stepsPerEpoch }) => histograms && step === stepsPerEpoch - 1,
    onStepEnd(_, gradients) {
      last = gradients ?? last;
    },
    async onEpochEnd(training, { epoch, lr, seconds, ...metrics }) {
      if (!events) return;
      for (const [name, value] of Object.entries(metrics)) {
        events.scalar(tagOf(name), value, epoch);
      }
      events.scalar('learning rate', lr, epoch);
      events.scalar('seconds', seconds, epoch);
      if (histograms) await addHistograms(events, training, last, epoch);
      last = undefined;
      await events.flush();
    },
    onTrainEnd: () => events?.close(),
  };
}

async function addHistograms(
  events: Events,
  { model }: Training,
  gradients: StepGradients | undefined,
  epoch: number,
): Promise<void> {
  for (const [name, { value }] of model.namedVariables()) {
    events.histogram(`weights/${name}`, await value.data(), epoch);
  }
  for (const [name, gradient] of gradients ?? []) {
    events.histogram(`gradients/${name}`, await gradient.data(), epoch);
  }
}

/** `valLoss` → `validation/loss`, `loss` → `train/loss`: TensorBoard groups tags by their start. */
function tagOf(name: string): string {
  const { metric, isOnValidation } = metricOf(name);
  return `${isOnValidation ? 'validation' : 'train'}/${metric}`;
}
