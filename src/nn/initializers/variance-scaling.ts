import * as random from '../../tensor/random/index.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Initializer } from './initializer.ts';

/** How many inputs feed an output and how many outputs an input feeds. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const places = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  return { fanIn: places * inputs, fanOut: places * outputs };
}

/** Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010. */
export const glorotUniform: Initializer = (shape) => {
  const { fanIn, fanOut } = fans(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return random.uniform(shape, { low: -limit, high: limit });
};

/** As {@link glorotUniform}, drawn from a normal distribution cut at two deviations. */
export const glorotNormal: Initializer = (shape) => {
  const { fanIn, fanOut } = fans(shape);
  return truncated(shape, 2 / (fanIn + fanOut));
};

/** He et al., "Delving deep into rectifiers", 2015: for layers followed by relu. */
export const heNormal: Initializer = (shape) => truncated(shape, 2 / fans(shape).fanIn);

/** As {@link heNormal}, drawn evenly. */
export const heUniform: Initializer = (shape) => {
  const limit = Math.sqrt(6 / fans(shape).fanIn);
  return random.uniform(shape, { low: -limit, high: limit });
};

/** LeCun et al., "Efficient BackProp", 1998: variance 1 / inputs, for selu and tanh. */
export const lecunUniform: Initializer = (shape) => {
  const limit = Math.sqrt(3 / fans(shape).fanIn);
  return random.uniform(shape, { low: -limit, high: limit });
};

/** As {@link lecunUniform}, drawn from a normal distribution cut at two deviations. */
export const lecunNormal: Initializer = (shape) => truncated(shape, 1 / fans(shape).fanIn);

// Cutting a normal distribution at two deviations shrinks its own deviation by this factor.
const CUT_DEVIATION = 0.8796256610342398;

function truncated(shape: readonly number[], variance: number): Tensor<Shape> {
  return random.truncatedNormal(shape, { std: Math.sqrt(variance) / CUT_DEVIATION });
}
