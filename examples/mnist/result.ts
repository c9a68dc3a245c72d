import { type History, metrics } from 'wgrad';
import type { Judged } from '../../experiments/runs/judge.ts';
import type { RecordedMetrics } from '../../experiments/runs/record.ts';

export interface EpochResult {
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Of training, without the test. */
  readonly seconds: number;
}

/** What a run has reached: the content of the file that `--json` names. */
export interface RunResult {
  /** Where the rest is. */
  readonly folder: string;
  readonly model: string;
  readonly device: string;
  readonly parameters: number;
  readonly dataset: { readonly source: string; readonly train: number; readonly test: number };
  readonly epochs: readonly EpochResult[];
  /** After the last epoch. */
  readonly testAccuracy: number;
  readonly macroF1: number;
}

export function resultOf(
  about: Pick<RunResult, 'folder' | 'model' | 'dataset'>,
  history: History,
  { device, parameters, accuracy, macroF1 }: RecordedMetrics,
): RunResult {
  const epochs = history.epochs.map(({ loss, accuracy, valLoss, valAccuracy, seconds }) => ({
    trainLoss: loss as number,
    trainAccuracy: accuracy as number,
    testLoss: valLoss as number,
    testAccuracy: valAccuracy as number,
    seconds,
  }));
  return { ...about, device, parameters, epochs, testAccuracy: accuracy, macroF1 };
}

/** What is printed at the end: which digits are taken for which, and the scores. */
export function closingReport(labels: Uint8Array, { predictions, judgement }: Judged): string {
  const { accuracy, macroF1, classNames } = judgement;
  const confusion = metrics.confusionMatrix(labels, predictions, classNames.length);
  return (
    `\n${metrics.formatConfusionMatrix(confusion)}\n\n` +
    `Test accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}`
  );
}

/** What is printed when Ctrl-C has ended a run: how far it came, and how it goes on. */
export function stopLine(folder: string, { last }: History): string {
  const reached = last
    ? `Test accuracy ${last.valAccuracy?.toFixed(4)} after epoch ${last.epoch}.`
    : 'It was in its first epoch.';
  return `\nInterrupted. ${reached} The same command with --resume ${folder} goes on.`;
}
