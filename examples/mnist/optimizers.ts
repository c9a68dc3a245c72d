import { type AnyVariable, optim } from 'wgrad';

interface OptimizerChoice {
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
  adagrad: { lr: 0.02, make: (variables, lr) => optim.adagrad(variables, { lr }) },
  adadelta: { lr: 1, make: (variables, lr) => optim.adadelta(variables, { lr }) },
  adamW: { lr: 0.002, make: (variables, lr) => optim.adamW(variables, { lr }) },
  adamax: { lr: 0.01, make: (variables, lr) => optim.adamax(variables, { lr }) },
  nadam: { lr: 0.002, make: (variables, lr) => optim.nadam(variables, { lr }) },
  radam: { lr: 0.01, make: (variables, lr) => optim.radam(variables, { lr }) },
  lamb: { lr: 0.01, make: (variables, lr) => optim.lamb(variables, { lr }) },
  lars: { lr: 10, make: (variables, lr) => optim.lars(variables, { lr }) },
  lion: { lr: 0.001, make: (variables, lr) => optim.lion(variables, { lr }) },
} satisfies Record<string, OptimizerChoice>;

export type OptimizerName = keyof typeof optimizers;
