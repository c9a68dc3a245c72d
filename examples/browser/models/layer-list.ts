import { type AnyTensor, nn, zeros } from 'wgrad';
import { Call, LayerListError, parseCalls, type Value } from './syntax.ts';

/** The functions of wgrad's `nn` that a list may call. */
const LAYERS = {
  ...{ dense: nn.dense, flatten: nn.flatten, reshape: nn.reshape, dropout: nn.dropout },
  ...{ conv2d: nn.conv2d, depthwiseConv2d: nn.depthwiseConv2d },
  ...{ separableConv2d: nn.separableConv2d, conv2dTranspose: nn.conv2dTranspose },
  ...{ maxPool2d: nn.maxPool2d, avgPool2d: nn.avgPool2d },
  ...{ globalAveragePool2d: nn.globalAveragePool2d, globalMaxPool2d: nn.globalMaxPool2d },
  ...{ zeroPadding2d: nn.zeroPadding2d, upsampling2d: nn.upsampling2d },
  ...{ batchNorm: nn.batchNorm, layerNorm: nn.layerNorm, groupNorm: nn.groupNorm },
  ...{ activation: nn.activation, relu: nn.relu, leakyRelu: nn.leakyRelu, elu: nn.elu },
  ...{ gelu: nn.gelu, silu: nn.silu, sigmoid: nn.sigmoid, tanh: nn.tanh, prelu: nn.prelu },
  ...{ spatialDropout2d: nn.spatialDropout2d, gaussianNoise: nn.gaussianNoise },
  ...{ sequential: nn.sequential, residual: nn.residual },
};

export const LAYER_NAMES = Object.keys(LAYERS).sort();

/** Of the data sets. */
const CLASSES = 10;

/**
 * Makes a model of a list of layers, built for images of a shape; its last layer gives a number for each of
 * ten classes.
 *
 * @throws LayerListError where the text is no list, or a layer does not fit; its message is then the
 *   library's own
 */
export function modelOf(text: string, inputShape: readonly number[]): nn.Layer {
  const places = new Map<nn.AnyLayer, Call>();
  const calls = parseCalls(text);
  const model = nn.sequential(calls.map((call) => layerOf(call, places)));
  const { shape } = buildIn(model, inputShape, places);
  if (shape.length !== 2 || shape[1] !== CLASSES) {
    throw new LayerListError(
      `The last layer gives [${shape.slice(1)}], where a number for each of ${CLASSES} classes is expected: ` +
        `end with flatten() and dense(${CLASSES}).`,
      calls.at(-1)?.place ?? { line: 1, column: 1 },
    );
  }
  return model;
}

function layerOf(call: Call, places: Map<nn.AnyLayer, Call>): nn.Layer {
  const { name, place } = call;
  if (!Object.hasOwn(LAYERS, name)) {
    throw new LayerListError(`There is no layer ${name} here.`, place);
  }
  const make: (...args: unknown[]) => nn.Layer = Reflect.get(LAYERS, name);
  const args = call.args.map((value) => argumentOf(value, places));
  try {
    const layer = name === 'residual' ? make(...args.map(asLayer)) : make(...args);
    places.set(layer, call);
    return layer;
  } catch (error) {
    throw new LayerListError(messageOf(error), place, { cause: error });
  }
}

/** The two paths of a residual are layers, or lists of them. */
function asLayer(argument: unknown): unknown {
  return Array.isArray(argument) ? nn.sequential(argument) : argument;
}

function argumentOf(value: Value, places: Map<nn.AnyLayer, Call>): unknown {
  if (value instanceof Call) return layerOf(value, places);
  if (Array.isArray(value)) return value.map((part) => argumentOf(part, places));
  return value;
}

/** Builds a model; an error is told where the layer stands that threw it. */
function buildIn(
  model: nn.Layer,
  inputShape: readonly number[],
  places: ReadonlyMap<nn.AnyLayer, Call>,
): AnyTensor {
  const open: nn.AnyLayer[] = [];
  const input: AnyTensor = zeros([1, ...inputShape]);
  try {
    return model.forward(input, {
      training: false,
      visit: (layer) => {
        open.push(layer);
        return () => open.pop();
      },
    });
  } catch (error) {
    const call = open.flatMap((layer) => places.get(layer) ?? []).at(-1);
    const place = call?.place ?? { line: 1, column: 1 };
    throw new LayerListError(messageOf(error), place, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
