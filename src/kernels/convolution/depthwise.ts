import { elements, wholeBlocks } from '../elements.ts';
import { type Epilogue, ended, NO_EPILOGUE } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launch,
  type Launches,
  launch,
  type NamedLaunch,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import { spanOf } from '../reduce/pass.ts';
import { chooseReduce, reduceView } from '../reduce/reduce.ts';
import forwardSource from '../wgsl/convolution/depthwise.wgsl';
import filterGradientSource from '../wgsl/convolution/depthwise-filter-gradient.wgsl';
import inputGradientSource from '../wgsl/convolution/depthwise-input-gradient.wgsl';
import params from '../wgsl/convolution/functions/depthwise-params.wgsl';
import each from '../wgsl/each.wgsl';
import { type Conv2dAttributes, type Shape4, shape4 } from './geometry.ts';
import {
  alongLines,
  filterGradientAlongLines,
  inputGradientAlongLines,
  staysInRegisters,
} from './lines.ts';

const WORKGROUP = 64;

type DepthwiseContext = KernelContext<Conv2dAttributes>;

/** Images [N, H, W, C] and filters [KH, KW, 1, O], O a multiple of C → [N, OH, OW, O]. */
export function depthwise(context: DepthwiseContext): Launches {
  if (!context.limits.cpu) return alongLines(context);
  const { inputs, output, attributes } = context;
  const shapes = { image: shape4(inputs[0]), filter: shape4(inputs[1]), output: shape4(output) };
  const forward = launchOver('depthwise', forwardSource, shapes, attributes, {
    elements: product(shapes.output),
    epilogue: context.epilogue,
    bindings: { image: input(0), filters: input(1), result: OUTPUT },
  });
  return { launches: [forward] };
}

/** Gradients [N, OH, OW, O] and filters [KH, KW, 1, O] → the images' gradient [N, H, W, C]. */
export function depthwiseInputGradient(context: DepthwiseContext): Launches {
  const { inputs, output, attributes, limits } = context;
  const one = product(attributes.strides) === 1;
  if (!limits.cpu && one && output.shape[3] === inputs[0]?.shape[3]) {
    return inputGradientAlongLines(context);
  }
  const shapes = { image: shape4(output), filter: shape4(inputs[1]), output: shape4(inputs[0]) };
  const gradient = launchOver('depthwise_input', inputGradientSource, shapes, attributes, {
    elements: product(shapes.image),
    epilogue: context.epilogue,
    bindings: { grads: input(0), filters: input(1), result: OUTPUT },
  });
  return { launches: [gradient] };
}

/** Images [N, H, W, C] and gradients [N, OH, OW, O] → the filters' gradient [KH, KW, 1, O]. */
export function depthwiseFilterGradient(context: DepthwiseContext, chosenSpan?: number): Launches {
  const { inputs, output, attributes, limits, epilogue } = context;
  if (!limits.cpu && staysInRegisters(shape4(output)[1])) {
    return filterGradientAlongLines(context);
  }
  const shapes = { image: shape4(inputs[0]), filter: shape4(output), output: shape4(inputs[1]) };
  const [batch, outHeight, outWidth] = shapes.output;
  const lines = batch * outHeight;
  const size = product(output.shape);
  const wanted = limits.cpu ? 4096 : 32768;
  const span = chosenSpan ?? spanOf(lines, wanted / size, ceilDivide(64, outWidth));
  const chunks = ceilDivide(lines, span);
  const view = { reduce: 'sum', outer: 1, size: chunks, inner: size } as const;
  const result = chunks === 1 ? OUTPUT : temporary(0);
  const partial = launchOver('depthwise_filter', filterGradientSource, shapes, attributes, {
    elements: chunks * size,
    epilogue: chunks === 1 ? epilogue : NO_EPILOGUE,
    bindings: { image: input(0), grads: input(1), result },
    lines,
    span,
  });
  if (chunks === 1) return { launches: [partial] };
  const total = reduceView(view, 'f32', chooseReduce(view, limits), temporary(0), 1, epilogue);
  return {
    launches: [partial, ...total.launches],
    temporaries: [wholeBlocks(chunks * size), ...total.temporaries],
  };
}

interface Work {
  /** How many numbers the kernel writes. */
  readonly elements: number;
  readonly epilogue: Epilogue;
  readonly bindings: NamedLaunch['bindings'];
  readonly lines?: number;
  readonly span?: number;
}

/** One invocation for each result of one channel, or of four where they lie side by side. */
function launchOver(
  name: string,
  source: string,
  shapes: { readonly image: Shape4; readonly filter: Shape4; readonly output: Shape4 },
  { strides, dilations, padding }: Conv2dAttributes,
  { elements: count, epilogue, bindings, lines = 0, span = 0 }: Work,
): Launch {
  const [, height, width, channels] = shapes.image;
  const [windowY, windowX, , outputs] = shapes.filter;
  const [, outHeight, outWidth] = shapes.output;
  const multiplier = outputs / channels;
  const together = multiplier === 1 && channels % 4 === 0 ? 4 : 1;
  const constants = {
    WORKGROUP,
    WINDOW_Y: windowY,
    WINDOW_X: windowX,
    STRIDE_Y: strides[0],
    STRIDE_X: strides[1],
    DILATION_Y: dilations[0],
    DILATION_X: dilations[1],
    MULTIPLIER: multiplier,
  };
  const owned = count / together;
  return launch({
    program: program(name, each, constants, [
      elements('f32', together),
      ended(together),
      params,
      source,
    ]),
    bindings,
    params: {
      count: owned,
      height,
      width,
      channels: channels / together,
      outHeight,
      outWidth,
      lines,
      span,
      top: padding[0],
      left: padding[2],
    },
    workgroups: ceilDivide(owned, WORKGROUP),
    epilogue,
  });
}
