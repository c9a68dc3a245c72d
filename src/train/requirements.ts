import { inWords } from '../arguments.ts';
import { Dataset } from '../data/pipeline/dataset.ts';
import { ArgumentError } from '../errors.ts';

/** @throws ArgumentError where `fit` of it has only just begun. */
export function refuseBegun(caller: string, model: object): void {
  if (justBegun.has(model)) {
    throw new ArgumentError(
      `${caller}: fit of this model has only just begun, so that it is not trained yet. Wait for it: await fit(…).`,
    );
  }
}

const justBegun = new WeakSet<object>();

/** Refuses the model until the caller of `fit` waits for something: meant to be that, it would be `fit`. */
export function begin(model: object): void {
  justBegun.add(model);
  queueMicrotask(() => justBegun.delete(model));
}

/** @throws ArgumentError where it is no data set, naming what makes one. */
export function requireDataset(caller: string, examples: unknown, what = 'the examples'): void {
  if (examples instanceof Dataset) return;
  throw new ArgumentError(
    `${caller}: ${what} must be a data set, not in batches: data.fromArrays(inputs, targets), data.fromTensors(…) ` +
      `or data.fromImages(…) make one; got ${inWords(examples)}.`,
  );
}
