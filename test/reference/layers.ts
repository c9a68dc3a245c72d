import { NdArray, type Shape } from './array.ts';
import {
  type ConvolutionOptions,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
} from './convolution.ts';
import { matMul } from './linear.ts';
import { maxPool2d, maxPool2dGradient } from './pooling.ts';
import { type Pair, samePadding } from './window.ts';

/** What a layer made of its input, and the way back: gradients are in the weights' order. */
export type Pass = {
  output: NdArray;
  backward(outputGradient: NdArray): { input: NdArray; weights: NdArray[] };
};

export type Layer = {
  weightShapes: Shape[];
  forward(input: NdArray, weights: readonly NdArray[]): Pass;
};

/** Multiplies by a kernel [in, out] and adds a bias. */
export function dense(inputs: number, outputs: number, activation: 'relu' | 'none'): Layer {
  const linear: Layer = {
    weightShapes: [[inputs, outputs], [outputs]],
    forward: (input, [kernel, bias]) => ({
      output: addBias(matMul(input, kernel!), bias!),
      backward: (dy) => ({
        input: matMul(dy, kernel!.transpose()),
        weights: [matMul(input.transpose(), dy), biasGradient(dy)],
      }),
    }),
  };
  return activation === 'relu' ? sequence(linear, relu) : linear;
}

/** A convolution with bias, then relu. */
export function convolution(
  inputs: number,
  outputs: number,
  options: { kernel?: number; stride?: number; padding: 'same' | 'valid' },
): Layer {
  const { kernel: extent = 3, stride = 1 } = options;
  const kernel: Pair = [extent, extent];
  const strides: Pair = [stride, stride];
  const shape = [extent, extent, inputs, outputs];
  const linear: Layer = {
    weightShapes: [shape, [outputs]],
    forward(input, [filter, bias]) {
      const settings: ConvolutionOptions = {
        strides,
        padding: options.padding === 'same' ? samePadding(input.shape, kernel, strides) : undefined,
      };
      return {
        output: addBias(conv2d(input, filter!, settings), bias!),
        backward: (dy) => ({
          input: conv2dInputGradient(input.shape, filter!, dy, settings),
          weights: [conv2dFilterGradient(input, shape, dy, settings), biasGradient(dy)],
        }),
      };
    },
  };
  return sequence(linear, relu);
}

/** The largest of every 2×2 elements. */
export const maxPool = (padding: 'same' | 'valid'): Layer => ({
  weightShapes: [],
  forward(input) {
    const window: Pair = [2, 2];
    const options = {
      window,
      padding: padding === 'same' ? samePadding(input.shape, window, window) : undefined,
    };
    return {
      output: maxPool2d(input, options),
      backward: (dy) => ({ input: maxPool2dGradient(input, dy, options), weights: [] }),
    };
  },
});

export const flatten: Layer = {
  weightShapes: [],
  forward: (input) => ({
    output: input.reshape([input.shape[0]!, -1]),
    backward: (dy) => ({ input: dy.reshape(input.shape), weights: [] }),
  }),
};

const relu: Layer = {
  weightShapes: [],
  forward: (input) => ({
    output: new NdArray(
      input.shape,
      input.data.map((x) => Math.max(x, 0)),
    ),
    backward: (dy) => ({
      input: new NdArray(
        input.shape,
        dy.data.map((d, at) => (input.data[at]! > 0 ? d : 0)),
      ),
      weights: [],
    }),
  }),
};

/** One after the other, the weights likewise. */
export function sequence(...layers: Layer[]): Layer {
  return {
    weightShapes: layers.flatMap((layer) => layer.weightShapes),
    forward(input, weights) {
      const own = shareOut(weights, layers);
      const passes: Pass[] = [];
      let output = input;
      for (const [at, layer] of layers.entries()) {
        const pass = layer.forward(output, own[at]!);
        passes.push(pass);
        output = pass.output;
      }
      return {
        output,
        backward(outputGradient) {
          let gradient = outputGradient;
          let gradients: NdArray[] = [];
          for (const pass of passes.toReversed()) {
            const back = pass.backward(gradient);
            gradient = back.input;
            gradients = [...back.weights, ...gradients];
          }
          return { input: gradient, weights: gradients };
        },
      };
    },
  };
}

/** The sum of two branches of one input; the first branch's weights come first. */
export function sumOf(first: Layer, second: Layer): Layer {
  return {
    weightShapes: [...first.weightShapes, ...second.weightShapes],
    forward(input, weights) {
      const own = shareOut(weights, [first, second]);
      const a = first.forward(input, own[0]!);
      const b = second.forward(input, own[1]!);
      return {
        output: added(a.output, b.output),
        backward(dy) {
          const backA = a.backward(dy);
          const backB = b.backward(dy);
          return {
            input: added(backA.input, backB.input),
            weights: [...backA.weights, ...backB.weights],
          };
        },
      };
    },
  };
}

function shareOut(weights: readonly NdArray[], layers: readonly Layer[]): NdArray[][] {
  let begin = 0;
  return layers.map(({ weightShapes }) => {
    begin += weightShapes.length;
    return weights.slice(begin - weightShapes.length, begin);
  });
}

function added(a: NdArray, b: NdArray): NdArray {
  if (a.size !== b.size) throw new RangeError(`the sum of [${a.shape}] and [${b.shape}]`);
  return new NdArray(
    a.shape,
    a.data.map((x, at) => x + b.data[at]!),
  );
}

const addBias = (x: NdArray, bias: NdArray): NdArray =>
  new NdArray(
    x.shape,
    x.data.map((value, at) => value + bias.data[at % bias.size]!),
  );

/** Every element of a channel was given the same bias. */
function biasGradient(dy: NdArray): NdArray {
  const out = new NdArray([dy.shape.at(-1)!]);
  for (let at = 0; at < dy.size; at++) out.data[at % out.size]! += dy.data[at]!;
  return out;
}
