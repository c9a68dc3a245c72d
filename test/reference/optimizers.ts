/** Changes the parameters in place; its state begins at the first step. */
export interface Optimizer {
  lr: number;
  step(parameters: readonly Float64Array[], gradients: readonly Float64Array[]): void;
}

export type SgdOptions = {
  lr: number;
  momentum?: number;
  dampening?: number;
  nesterov?: boolean;
  weightDecay?: number;
};

export type AdamOptions = {
  lr: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  weightDecay?: number;
};

export type RmsPropOptions = {
  lr: number;
  alpha?: number;
  epsilon?: number;
  momentum?: number;
  centered?: boolean;
  weightDecay?: number;
};

export type AdagradOptions = {
  lr: number;
  lrDecay?: number;
  epsilon?: number;
  initialAccumulator?: number;
  weightDecay?: number;
};

/** One element's update: given its state, by name, and gradient, what its parameter becomes. */
type Update = (p: number, g: number, state: Cell, time: number, lr: number) => number;
/** Reads or writes the state of the element at hand; unwritten state is the given start. */
type Cell = { get(name: string): number; set(name: string, value: number): number };

function elementwise(lr: number, start: Record<string, number>, update: Update): Optimizer {
  let time = 0;
  const states: Record<string, Float64Array>[] = [];
  return {
    lr,
    step(parameters, gradients) {
      time++;
      for (const [which, parameter] of parameters.entries()) {
        states[which] ??= Object.fromEntries(
          Object.entries(start).map(([name, value]) => [
            name,
            new Float64Array(parameter.length).fill(value),
          ]),
        );
        const state = states[which];
        const gradient = gradients[which]!;
        let at = 0;
        const cell: Cell = {
          get: (name) => state[name]![at]!,
          set: (name, value) => {
            state[name]![at] = value;
            return value;
          },
        };
        for (at = 0; at < parameter.length; at++) {
          parameter[at] = update(parameter[at]!, gradient[at]!, cell, time, this.lr);
        }
      }
    },
  };
}

/** The buffer starts as the first gradient, to which dampening does not apply. */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  return elementwise(options.lr, { buffer: 0 }, (p, gradient, state, time, lr) => {
    let g = gradient + weightDecay * p;
    if (momentum !== 0) {
      const fresh = time === 1 ? g : momentum * state.get('buffer') + (1 - dampening) * g;
      const buffer = state.set('buffer', fresh);
      g = nesterov ? g + momentum * buffer : buffer;
    }
    return p - lr * g;
  });
}

function adamStep(options: AdamOptions, g: number, state: Cell, time: number) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const m = state.set('m', beta1 * state.get('m') + (1 - beta1) * g);
  const v = state.set('v', beta2 * state.get('v') + (1 - beta2) * g * g);
  const mHat = m / (1 - beta1 ** time);
  const vHat = v / (1 - beta2 ** time);
  return mHat / (Math.sqrt(vHat) + epsilon);
}

/** Weight decay is part of the gradient. */
export function adam(options: AdamOptions): Optimizer {
  const { weightDecay = 0 } = options;
  return elementwise(options.lr, { m: 0, v: 0 }, (p, g, state, time, lr) => {
    return p - lr * adamStep(options, g + weightDecay * p, state, time);
  });
}

/** Weight decay shrinks the parameter itself, before the step. */
export function adamW(options: AdamOptions): Optimizer {
  const { weightDecay = 0.01 } = options;
  return elementwise(options.lr, { m: 0, v: 0 }, (p, g, state, time, lr) => {
    return p * (1 - lr * weightDecay) - lr * adamStep(options, g, state, time);
  });
}

export function rmsProp(options: RmsPropOptions): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
  const { weightDecay = 0 } = options;
  return elementwise(
    options.lr,
    { square: 0, average: 0, buffer: 0 },
    (p, gradient, state, _, lr) => {
      const g = gradient + weightDecay * p;
      let spread = state.set('square', alpha * state.get('square') + (1 - alpha) * g * g);
      if (centered) {
        const average = state.set('average', alpha * state.get('average') + (1 - alpha) * g);
        spread -= average ** 2;
      }
      const scaled = g / (Math.sqrt(spread) + epsilon);
      return p - lr * state.set('buffer', momentum * state.get('buffer') + scaled);
    },
  );
}

export function adagrad(options: AdagradOptions): Optimizer {
  const { lrDecay = 0, epsilon = 1e-10, initialAccumulator = 0, weightDecay = 0 } = options;
  return elementwise(options.lr, { sum: initialAccumulator }, (p, gradient, state, time, lr) => {
    const g = gradient + weightDecay * p;
    const sum = state.set('sum', state.get('sum') + g * g);
    return p - ((lr / (1 + (time - 1) * lrDecay)) * g) / (Math.sqrt(sum) + epsilon);
  });
}
