// Variables and optimizers in f64, as a program means them: each call takes effect at once.

/** A rule's update of one number: its state by name, the 1-based step, and what `lr` is then. */
type Update = (
  p: number,
  g: number,
  state: Record<string, number>,
  step: number,
  lr: number,
) => number;

export interface RuleModel {
  /** The moments by the names the library has, with what they start with. */
  readonly moments: Readonly<Record<string, number>>;
  readonly update: Update;
}

export const sgd = (momentum = 0, weightDecay = 0): RuleModel => ({
  moments: momentum ? { velocity: 0 } : {},
  update(p, gradient, state, _, lr) {
    const g = gradient + weightDecay * p;
    if (!momentum) return p - lr * g;
    state.velocity = momentum * state.velocity! + g;
    return p - lr * state.velocity;
  },
});

/** Weight decay as AdamW has it. */
export const adam = (epsilon: number, weightDecay = 0): RuleModel => ({
  moments: { mean: 0, variance: 0 },
  update(p, g, state, step, lr) {
    state.mean = 0.9 * state.mean! + 0.1 * g;
    state.variance = 0.999 * state.variance! + 0.001 * g * g;
    const [mean, variance] = [state.mean / (1 - 0.9 ** step), state.variance / (1 - 0.999 ** step)];
    return p * (1 - lr * weightDecay) - (lr * mean) / (Math.sqrt(variance) + epsilon);
  },
});

export const rmsprop = (epsilon: number, momentum: number): RuleModel => ({
  moments: { meanSquare: 0, velocity: 0, mean: 0 },
  update(p, g, state, _, lr) {
    state.meanSquare = 0.99 * state.meanSquare! + 0.01 * g * g;
    state.mean = 0.99 * state.mean! + 0.01 * g;
    const spread = Math.sqrt(Math.max(state.meanSquare - state.mean ** 2, 0)) + epsilon;
    state.velocity = momentum * state.velocity! + g / spread;
    return p - lr * state.velocity;
  },
});

export const adagrad = (epsilon: number, start: number): RuleModel => ({
  moments: { squareSum: start },
  update(p, g, state, _, lr) {
    state.squareSum = state.squareSum! + g * g;
    return p - (lr * g) / (Math.sqrt(state.squareSum) + epsilon);
  },
});

export type Values = readonly number[];

export class VariableModel {
  values: Values;
  trainable = true;
  /** Another number for each value it has had. */
  version = 0;
  /** What backward() has left, and the values that it was built from. */
  gradient: { values: Values; readonly from: readonly ReadModel[] } | undefined;

  constructor(values: Values) {
    this.values = values;
  }

  set(values: Values): void {
    this.values = values;
    this.version++;
  }

  read(): ReadModel {
    return { variable: this, version: this.version, values: this.values };
  }
}

/** A variable's value at some point of the program. */
export interface ReadModel {
  readonly variable: VariableModel;
  readonly version: number;
  readonly values: Values;
}

/** Whether one of them has been replaced, so that what was built from it may be refused. */
export const areOld = (reads: readonly ReadModel[]): boolean =>
  reads.some(({ variable, version }) => variable.version !== version);

/** The gradients at what was read, none for the variables that were not. */
export type LossModel = ReadonlyMap<
  VariableModel,
  { readonly read: ReadModel; readonly gradient: Values }
>;

export class OptimizerModel {
  readonly variables: readonly VariableModel[];
  /** By variable and name. */
  moments: Record<string, Values>[];
  steps = 0;
  /** By variable: the steps during which it was frozen. */
  missed: number[];
  lr: number;
  private readonly rule: RuleModel;
  private readonly clipNorm: number;

  constructor(
    rule: RuleModel,
    variables: readonly VariableModel[],
    lr: number,
    clipNorm = Infinity,
  ) {
    this.rule = rule;
    this.variables = variables;
    this.lr = lr;
    this.clipNorm = clipNorm;
    this.missed = variables.map(() => 0);
    this.moments = variables.map(({ values }) =>
      Object.fromEntries(
        Object.entries(rule.moments).map(([name, start]) => [name, values.map(() => start)]),
      ),
    );
  }

  step(gradients: readonly (Values | undefined)[]): void {
    this.steps++;
    const counted = gradients.filter((_, i) => this.variables[i]!.trainable);
    const norm = Math.sqrt(counted.flatMap((g) => g ?? []).reduce((sum, g) => sum + g * g, 0));
    const scale = Math.min(1, this.clipNorm / norm);
    for (const [i, variable] of this.variables.entries()) {
      if (!variable.trainable) {
        this.missed[i]!++;
        continue;
      }
      const moments = this.moments[i]!;
      const own = this.steps - this.missed[i]!;
      const states = variable.values.map((_, at) =>
        Object.fromEntries(Object.entries(moments).map(([name, values]) => [name, values[at]!])),
      );
      variable.set(
        variable.values.map((p, at) => {
          const g = (gradients[i]?.[at] ?? 0) * (norm > 0 ? scale : 1);
          return this.rule.update(p, g, states[at]!, own, this.lr);
        }),
      );
      this.moments[i] = Object.fromEntries(
        Object.keys(moments).map((name) => [name, states.map((state) => state[name]!)]),
      );
    }
  }
}
