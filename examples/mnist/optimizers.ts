import { type AnyVariable, optim } from '../../src/index.ts';

type MakeOptimizer = (variables: readonly AnyVariable[], lr?: number) => optim.Optimizer;

/** The optimizers to choose from, each with a learning rate that suits the three models. */
export const optimizers = {
  adam: (variables, lr = 0.002) => optim.adam(variables, { lr }),
  sgd: (variables, lr = 0.01) => optim.sgd(variables, { lr, momentum: 0.9, nesterov: true }),
  rmsprop: (variables, lr = 0.001) => optim.rmsprop(variables, { lr }),
} satisfies Record<string, MakeOptimizer>;

export type OptimizerName = keyof typeof optimizers;
