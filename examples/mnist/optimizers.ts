import { type AnyVariable, optim } from 'wgrad';

interface Choice {
  /** A learning rate that suits the three models. */
  readonly lr: number;
  make(variables: readonly AnyVariable[], lr: optim.Schedule): optim.Optimizer;
}

/** The optimizers to choose from. */
export const optimizers = {
  adam: { lr: 0.002, make: (variables, lr) => optim.adam(variables, { lr }) },
  sgd: {
    lr: 0.01,
    make: (variables, lr) => optim.sgd(variables, { lr, momentum: 0.9, nesterov: true }),
  },
  rmsprop: { lr: 0.001, make: (variables, lr) => optim.rmsprop(variables, { lr }) },
} satisfies Record<string, Choice>;

export type OptimizerName = keyof typeof optimizers;
