import { inWords, unknownName } from '../arguments.ts';
import type { AnyDataset } from '../data/pipeline/dataset.ts';
import { ArgumentError } from '../errors.ts';
import type { AnyLayer } from '../nn/layer.ts';
import * as losses from '../nn/losses/index.ts';
import { Optimizer } from '../optim/optimizer.ts';
import { adadelta } from '../optim/rules/adadelta.ts';
import { adagrad } from '../optim/rules/adagrad.ts';
import { adam, adamW } from '../optim/rules/adam.ts';
import { adamax } from '../optim/rules/adamax.ts';
import { lamb } from '../optim/rules/lamb.ts';
import { lars } from '../optim/rules/lars.ts';
import { lion } from '../optim/rules/lion.ts';
import { nadam } from '../optim/rules/nadam.ts';
import { radam } from '../optim/rules/radam.ts';
import { rmsprop } from '../optim/rules/rmsprop.ts';
import { sgd } from '../optim/rules/sgd.ts';
import type { AnyTensor } from '../tensor/tensor.ts';

/** A loss as `fit` calls it: one value for each example, shape [N]. `crossEntropy` is one. */
export type Loss = (
  outputs: AnyTensor,
  targets: AnyTensor,
  options: { readonly reduction: 'none' },
) => AnyTensor;

const namedLosses = {
  binaryCrossEntropy: losses.binaryCrossEntropy,
  crossEntropy: losses.crossEntropy,
  hinge: losses.hinge,
  huber: losses.huber,
  klDivergence: losses.klDivergence,
  meanAbsoluteError: losses.meanAbsoluteError,
  meanSquaredError: losses.meanSquaredError,
} as const satisfies Record<string, Loss>;

/** A loss of `losses` by its name, with its default settings. */
export type LossName = keyof typeof namedLosses;

const namedOptimizers = {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  lamb,
  lars,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
};

/** An optimizer of `optim` by its name, with its default settings, for all of a model's variables. */
export type OptimizerName = keyof typeof namedOptimizers;

/** @throws ArgumentError where there is no loss of that name, or it is neither a name nor a function. */
export function lossOf(caller: string, loss: Loss | LossName): Loss {
  if (typeof loss === 'function') return loss;
  const name: string = loss;
  if (Object.hasOwn(namedLosses, name)) return namedLosses[loss];
  if (typeof name === 'string') throw unknownName(caller, 'loss', name, Object.keys(namedLosses));
  throw new ArgumentError(
    `${caller}: loss must be a function of outputs and targets, such as losses.crossEntropy, or the name of ` +
      `one, 'crossEntropy'; got ${inWords(loss)}.`,
  );
}

/**
 * The optimizer that was given, or one of that name for a model's variables: a model that has not
 * seen an input yet is built for the first example.
 * @throws ArgumentError where there is none of that name, or it is neither a name nor an optimizer.
 */
export async function optimizerOf(
  optimizer: Optimizer | OptimizerName,
  model: AnyLayer,
  examples: AnyDataset,
): Promise<Optimizer> {
  if (optimizer instanceof Optimizer) return optimizer;
  const name: string = optimizer;
  if (Object.hasOwn(namedOptimizers, name)) {
    const { inputs } = await examples.get(Int32Array.of(0));
    model.forward(inputs);
    if (model.variables.length === 0) {
      throw new ArgumentError(
        `fit: the optimizer '${name}' has nothing to train: no variables are found in the model. Give it as ` +
          '{ variables: […], forward }, or an optimizer of its variables.',
      );
    }
    return namedOptimizers[optimizer](model.variables);
  }
  if (typeof name === 'string') {
    throw unknownName('fit', 'optimizer', name, Object.keys(namedOptimizers));
  }
  throw new ArgumentError(
    `fit: optimizer must be one of optim, such as optim.adam(model.variables), or the name of one, 'adam'; ` +
      `got ${inWords(optimizer)}.`,
  );
}
