import type { Source } from '../pipeline/batch.ts';
import { Dataset } from '../pipeline/dataset.ts';

/** A data set that knows what its classes are called. */
export class LabelledDataset extends Dataset {
  /** The name of each class, by its number; none where the targets are no classes. */
  readonly classes: readonly string[];

  /** Comes from `imageFolder` or `csv`. */
  constructor(source: Source, classes: readonly string[]) {
    super(source);
    this.classes = classes;
  }
}
