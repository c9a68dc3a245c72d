import { type AnyVariable, optim } from 'wgrad';

type MakeOptimizer = (
  variables: readonly AnyVariable[],
  lr: number | optim.Schedule,
) => optim.Optimizer;

/** The optimizers trials choose from; what is not said is as in Keras. */
export const optimizers = {
  adam: (variables, lr) => optim.adam(variables, { lr, epsilon: 1e-7 }),
  adamW: (variables, lr) => optim.adamW(variables, { lr, epsilon: 1e-7, weightDecay: 0.004 }),
  // Keras adds its 1e-7 below the root: at least this is what the gradient is divided by.
  rmsprop: (variables, lr) => optim.rmsprop(variables, { lr, alpha: 0.9, epsilon: 1e-7 ** 0.5 }),
  sgd: (variables, lr) => optim.sgd(variables, { lr }),
  momentum: (variables, lr) => optim.sgd(variables, { lr, momentum: 0.9, nesterov: true }),
} satisfies Record<string, MakeOptimizer>;

export type OptimizerName = keyof typeof optimizers;
