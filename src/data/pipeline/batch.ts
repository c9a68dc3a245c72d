import type { Part } from '../../tensor/random/part.ts';
import { mapStructure, type Tensors } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';

/**
 * Examples that are trained on together. The tensors are lazy, as all are; inputs and targets may be
 * several, in arrays or by name.
 */
export interface Batch<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor> {
  /** Shape [count, …]. */
  readonly inputs: I;
  /** Shape [count, …]. */
  readonly targets: T;
  /**
   * What the loss of each example is multiplied by, f32 [count], or of each position, [count, time]; of
   * several targets for all, or for each. Default: 1.
   */
  readonly weights?: Tensors | undefined;
  /**
   * Which examples, [count], or positions, [count, time], are judged at all: losses and metrics are means
   * over those that are true, or not 0. Of several targets for all, or for each. Default: all.
   */
  readonly mask?: Tensors | undefined;
  readonly count: number;
  /** Which part of a batch it is; undefined for all of it. */
  readonly part?: Part | undefined;
}

/** What the batches of a data set are made of. */
export type Examples<I extends Tensors = Tensors, T extends Tensors = Tensors> = Omit<
  Batch<I, T>,
  'count' | 'part'
>;

/** Where a batch stands in a training run: all that random changes to it may depend on. */
export interface BatchContext {
  /** What the data set was shuffled with; 0 where it was not. */
  readonly seed: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The batch's position in its epoch, counted from 0. */
  readonly step: number;
  /** Which part of the batch is asked for; undefined for all of it. */
  readonly part?: Part | undefined;
}

/** What a data set is made of: examples that can be had in any order. */
export interface Source<I extends Tensors = AnyTensor, T extends Tensors = AnyTensor> {
  readonly count: number;
  /**
   * The examples of these numbers, i32 in [0, count), in this order; repeated ones are repeated.
   * For as many numbers it builds the same graph, so that a training loop is planned once. It may
   * fill the same arrays for each batch: `tensor` copies them.
   */
  get(indices: Int32Array, context: BatchContext): Batch<I, T> | Promise<Batch<I, T>>;
}

/** A source, whatever its examples are. */
export type AnySource = Source<Tensors, Tensors>;

/** The parts that a batch has, by name. */
export function partsOf(examples: Examples): [name: keyof Examples, tensors: Tensors][] {
  const { inputs, targets, weights, mask } = examples;
  const parts: [keyof Examples, Tensors][] = [
    ['inputs', inputs],
    ['targets', targets],
  ];
  if (weights !== undefined) parts.push(['weights', weights]);
  if (mask !== undefined) parts.push(['mask', mask]);
  return parts;
}

/** The same examples with other tensors. */
export function mapExamples(
  examples: Examples,
  change: (value: AnyTensor, part: keyof Examples, name: string) => AnyTensor,
): Examples {
  const { inputs, targets, ...others } = Object.fromEntries(
    partsOf(examples).map(([part, tensors]) => [
      part,
      mapStructure(tensors, (value, name) => change(value, part, name)),
    ]),
  );
  return { inputs: inputs as Tensors, targets: targets as Tensors, ...others };
}

/** What lies behind a batch that may not be there yet; at once where it is. */
export function whenThere<B, R>(batch: B | Promise<B>, next: (batch: B) => R): R | Promise<R> {
  return batch instanceof Promise ? batch.then(next) : next(batch);
}
