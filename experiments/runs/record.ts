import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type data, type Ending, type History, io, type nn } from 'wgrad';
import { report } from 'wgrad/node';
import { writeJson } from './json-file.ts';
import type { Judged, Judgement } from './judge.ts';
import { filtersOf } from './pictures.ts';
import { samplesOf } from './samples.ts';

/** A model at the end of its training. */
export interface Trained {
  readonly model: nn.Layer;
  readonly history: History;
  /** The name of the device. */
  readonly device: string;
  /** The images it was judged on, and how it did. */
  readonly test: data.LabelledImages;
  readonly judged: Judged;
}

/** How a training went: what `metrics.json` has when it is over. */
export interface RecordedMetrics extends Judgement {
  readonly status: Ending['kind'];
  /** Why it ended before its last epoch. */
  readonly reason: string | null;
  readonly device: string;
  readonly parameters: number;
}

/** `metrics.json` of a trained model. */
export function metricsOf({ model, history, device, judged }: Trained): RecordedMetrics {
  const { ending } = history;
  return {
    ...judged.judgement,
    status: ending.kind,
    reason: 'reason' in ending ? ending.reason : null,
    device,
    parameters: model.parameterCount,
  };
}

/**
 * Writes what is to be known of a trained model into its run's folder: weights, history, metrics,
 * the pictures and the page, and the page of all runs beside the folder.
 */
export async function recordRun<M extends RecordedMetrics>(
  folder: string,
  { model, history, test, judged }: Trained,
  metrics: M,
): Promise<void> {
  const file = (name: string) => join(folder, name);
  await io.saveWeights(file(report.RUN_FILES.weights), model);
  await writeJson(file(report.RUN_FILES.history), history.epochs);
  await writeJson(file(report.RUN_FILES.samples), await samplesOf(test, judged));
  const filters = await filtersOf(model);
  if (filters) await report.saveRunPicture(folder, 'filters', filters);
  // Last of the numbers: a run with metrics has ended, and one without a page lacks no more than it.
  await rm(file(report.RUN_FILES.report), { force: true });
  await writeJson(file(report.RUN_FILES.metrics), metrics);
  await writePages(folder);
}

/** Writes what there is of a run that was interrupted: history, status and pages. */
export async function recordInterrupted(folder: string, history: History): Promise<void> {
  await writeJson(join(folder, report.RUN_FILES.history), history.epochs);
  await writeJson(join(folder, report.RUN_FILES.metrics), { status: 'interrupted' });
  await writePages(folder);
}

/** Writes the page of a run and the one of all runs, from the files that are there. */
export async function writePages(folder: string): Promise<void> {
  await report.writeReport(folder);
  await report.writeIndex(dirname(folder));
}
