import { rename, writeFile } from 'node:fs/promises';
import { metrics } from '../../src/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { EpochScore } from './train.ts';

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
  readonly model: string;
  readonly device: string;
  readonly parameters: number;
  readonly dataset: { readonly source: string; readonly train: number; readonly test: number };
  readonly epochs: readonly EpochResult[];
  /** After the last epoch. */
  readonly testAccuracy: number;
  readonly macroF1: number;
}

export function epochResult(train: EpochScore, test: Evaluation): EpochResult {
  return {
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    testLoss: test.loss,
    testAccuracy: test.accuracy,
    seconds: train.seconds,
  };
}

/** The line printed after an epoch. */
export function epochLine(number: number, of: number, result: EpochResult): string {
  const score = (loss: number, accuracy: number) =>
    `loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
  return (
    `Epoch ${number}/${of}  ${result.seconds.toFixed(1)} s  ` +
    `training ${score(result.trainLoss, result.trainAccuracy)}  ` +
    `test ${score(result.testLoss, result.testAccuracy)}`
  );
}

/** The line printed for an epoch that was stopped on the way. */
export function stopLine(
  number: number,
  of: number,
  { images, loss, accuracy }: EpochScore,
): string {
  return (
    `Stopped in epoch ${number}/${of} after ${images} images: ` +
    `training loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`
  );
}

/** What is printed at the end: which digits are taken for which, and the scores. */
export function closingReport({ accuracy, confusion }: Evaluation): string {
  const { macro } = metrics.f1Scores(confusion);
  return (
    `\n${metrics.formatConfusionMatrix(confusion)}\n\n` +
    `Test accuracy ${accuracy.toFixed(4)}, macro F1 ${macro.toFixed(4)}`
  );
}

/** Writes the result under another name first, so that no reader finds half of it. */
export async function writeResult(file: string, result: RunResult): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(result, null, 2)}\n`);
  await rename(temporary, file);
}
