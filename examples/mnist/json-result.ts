import type { History } from 'wgrad';
import { writeJson } from '../../experiments/runs/json-file.ts';
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

/** Writes the file that `--json` names. */
export async function writeResult(
  file: string,
  about: Pick<RunResult, 'folder' | 'model' | 'dataset'>,
  history: History,
  { device, parameters, accuracy, macroF1 }: RecordedMetrics,
): Promise<void> {
  const epochs = history.epochs.map((logs) => ({
    trainLoss: logs.loss ?? Number.NaN,
    trainAccuracy: logs.accuracy ?? Number.NaN,
    testLoss: logs.valLoss ?? Number.NaN,
    testAccuracy: logs.valAccuracy ?? Number.NaN,
    seconds: logs.seconds,
  }));
  const result: RunResult = {
    ...about,
    device,
    parameters,
    epochs,
    testAccuracy: accuracy,
    macroF1,
  };
  await writeJson(file, result);
}
