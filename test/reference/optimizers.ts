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
  amsgrad?: boolean;
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

export type AdadeltaOptions = { lr: number; rho?: number; epsilon?: number; weightDecay?: number };

export type NadamOptions = AdamOptions & { momentumDecay?: number; decoupledWeightDecay?: boolean };

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
  const most = options.amsgrad ? state.set('most', Math.max(state.get('most'), v)) : v;
  const vHat = most / (1 - beta2 ** time);
  return mHat / (Math.sqrt(vHat) + epsilon);
}

/** Weight decay is part of the gradient. */
export function adam(options: AdamOptions): Optimizer {
  const { weightDecay = 0 } = options;
  return elementwise(options.lr, { m: 0, v: 0, most: 0 }, (p, g, state, time, lr) => {
    return p - lr * adamStep(options, g + weightDecay * p, state, time);
  });
}

/** Weight decay shrinks the parameter itself, before the step. */
export function adamW(options: AdamOptions): Optimizer {
  const { weightDecay = 0.01 } = options;
  return elementwise(options.lr, { m: 0, v: 0, most: 0 }, (p, g, state, time, lr) => {
    return p * (1 - lr * weightDecay) - lr * adamStep(options, g, state, time);
  });
}

/** m / (largest decayed gradient), whose magnitude has epsilon added to it. */
export function adamax(options: AdamOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return elementwise(options.lr, { m: 0, norm: 0 }, (p, gradient, state, time, lr) => {
    const g = gradient + weightDecay * p;
    const m = state.set('m', beta1 * state.get('m') + (1 - beta1) * g);
    const norm = state.set('norm', Math.max(beta2 * state.get('norm'), Math.abs(g) + epsilon));
    return p - ((lr / (1 - beta1 ** time)) * m) / norm;
  });
}

/** What decay leaves of a parameter, and the gradient with its penalty. */
function decayed(options: NadamOptions, p: number, g: number, lr: number): [p: number, g: number] {
  const { weightDecay = 0, decoupledWeightDecay = false } = options;
  return decoupledWeightDecay ? [p * (1 - lr * weightDecay), g] : [p, g + weightDecay * p];
}

/** The mean is corrected by the product of the momenta up to the next step's, the gradient by that up to this. */
export function nadam(options: NadamOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 0.004 } = options;
  const mu = (time: number) => beta1 * (1 - 0.96 ** (time * momentumDecay) / 2);
  return elementwise(
    options.lr,
    { m: 0, v: 0, product: 1 },
    (before, gradient, state, time, lr) => {
      const [p, g] = decayed(options, before, gradient, lr);
      const m = state.set('m', beta1 * state.get('m') + (1 - beta1) * g);
      const v = state.set('v', beta2 * state.get('v') + (1 - beta2) * g * g);
      const product = state.set('product', state.get('product') * mu(time));
      const mHat = (mu(time + 1) * m) / (1 - product * mu(time + 1));
      const gHat = ((1 - mu(time)) * g) / (1 - product);
      return p - (lr * (mHat + gHat)) / (Math.sqrt(v / (1 - beta2 ** time)) + epsilon);
    },
  );
}

/** Without the variance while what is averaged for it is worth no more than five gradients. */
export function radam(options: NadamOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return elementwise(options.lr, { m: 0, v: 0 }, (before, gradient, state, time, lr) => {
    const [p, g] = decayed(options, before, gradient, lr);
    const m = state.set('m', beta1 * state.get('m') + (1 - beta1) * g);
    const v = state.set('v', beta2 * state.get('v') + (1 - beta2) * g * g);
    const mHat = m / (1 - beta1 ** time);
    const last = 2 / (1 - beta2) - 1;
    const rho = last - (2 * time * beta2 ** time) / (1 - beta2 ** time);
    if (rho <= 5) return p - lr * mHat;
    const r = Math.sqrt(((rho - 4) * (rho - 2) * last) / ((last - 4) * (last - 2) * rho));
    return p - (lr * mHat * r * Math.sqrt(1 - beta2 ** time)) / (Math.sqrt(v) + epsilon);
  });
}

export function lion(options: Omit<AdamOptions, 'epsilon' | 'amsgrad'>): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  return elementwise(options.lr, { mean: 0 }, (p, g, state, _, lr) => {
    const mean = state.get('mean');
    state.set('mean', beta2 * mean + (1 - beta2) * g);
    return p * (1 - lr * weightDecay) - lr * Math.sign(beta1 * mean + (1 - beta1) * g);
  });
}

/**
 * Adam's step with the penalty's, which is made as long as the parameters are, all of an array together; arrays
 * that are 0, and those without decay, take it as it is.
 */
export function lamb(options: AdamOptions & { alwaysAdapt?: boolean }): Optimizer {
  const { weightDecay = 0.01, alwaysAdapt = false } = options;
  const steps = elementwise(1, { m: 0, v: 0 }, (p, g, state, time) => {
    return adamStep({ epsilon: 1e-6, ...options }, g, state, time) + weightDecay * p;
  });
  const norm = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  return {
    lr: options.lr,
    step(parameters, gradients) {
      const directions = parameters.map((parameter) => parameter.slice());
      steps.step(directions, gradients);
      for (const [i, direction] of directions.entries()) {
        const parameter = parameters[i]!;
        const ratio = norm(parameter) / norm(direction);
        const adapts = (alwaysAdapt || weightDecay > 0) && ratio > 0 && ratio < Infinity;
        direction.forEach((d, at) => {
          parameter[at]! -= this.lr * (adapts ? ratio : 1) * d;
        });
      }
    },
  };
}

export type LarsOptions = Pick<SgdOptions, 'lr' | 'momentum' | 'nesterov' | 'weightDecay'> & {
  trustCoefficient?: number;
  alwaysAdapt?: boolean;
};

/** Momentum of slopes, which are scaled by the norms of each array and of its gradient, where neither is 0. */
export function lars(options: LarsOptions): Optimizer {
  const {
    momentum = 0.9,
    nesterov = false,
    weightDecay = 1e-4,
    trustCoefficient = 0.001,
  } = options;
  const descent = sgd({ lr: options.lr, momentum, nesterov });
  const norm = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  return {
    lr: options.lr,
    step(parameters, gradients) {
      descent.lr = this.lr;
      const slopes = gradients.map((gradient, i) => {
        const parameter = parameters[i]!;
        const [w, g] = [norm(parameter), norm(gradient)];
        const adapts = (options.alwaysAdapt || weightDecay > 0) && w > 0 && g > 0;
        const trust = adapts ? (trustCoefficient * w) / (g + weightDecay * w) : 1;
        return gradient.map((one, at) => trust * (one + weightDecay * parameter[at]!));
      });
      descent.step(parameters, slopes);
    },
  };
}

/** Steps are gradients in units of their root mean square, times that of the steps before. */
export function adadelta(options: AdadeltaOptions): Optimizer {
  const { rho = 0.9, epsilon = 1e-6, weightDecay = 0 } = options;
  return elementwise(options.lr, { squares: 0, steps: 0 }, (p, gradient, state, _, lr) => {
    const g = gradient + weightDecay * p;
    const squares = state.set('squares', rho * state.get('squares') + (1 - rho) * g * g);
    const step = (Math.sqrt(state.get('steps') + epsilon) / Math.sqrt(squares + epsilon)) * g;
    state.set('steps', rho * state.get('steps') + (1 - rho) * step * step);
    return p - lr * step;
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
