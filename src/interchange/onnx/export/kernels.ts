import { elementRules } from './elements.ts';
import { channelsFirst, channelsLast, expanded } from './elementwise.ts';
import { Float, notExported, TO_THE_END, type Written } from './graph-writer.ts';
import { isEqual, isFixed, type Size } from './open-sizes.ts';
import { type Application, type Attributes, cast, input, plain, type Rule, type } from './rule.ts';

/** Two numbers at the beginning and two at the end of the axes, as ONNX has pads. */
function padsOf([top, bottom, left, right]: readonly number[]): number[] {
  return [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0];
}

/** Computes on images with channels first what is given, and asked for, with channels last. */
function onImages(
  application: Application,
  compute: (images: Written, shape: readonly Size[]) => Written,
): Written {
  const { writer, shape } = application;
  const rank = shape.length;
  const first = channelsFirst(rank);
  const images = writer.transpose(input(application), first);
  const result = compute(
    images,
    first.map((axis) => shape[axis] as Size),
  );
  return writer.transpose(result, channelsLast(rank));
}

function convolution(application: Application): Written {
  const { writer, node, inputs } = application;
  const { strides, dilations, padding }: Attributes = node.attributes;
  const filter = writer.transpose(input(application, 1), [3, 2, 0, 1]);
  const channels = inputs[0]?.shape[3]?.at ?? 1;
  return onImages(application, (images, shape) =>
    writer.node(
      'Conv',
      [images, filter],
      { shape, dtype: 'f32' },
      {
        kernel_shape: filter.shape.slice(2).map(({ at }) => at),
        strides,
        dilations,
        pads: padsOf(padding),
        group: node.op.name === 'depthwiseConv2d' ? channels : 1,
      },
    ),
  );
}

function transposedConvolution(application: Application): Written {
  const { writer, node, inputs } = application;
  const { strides, dilations, padding }: Attributes = node.attributes;
  // [KH, KW, C, O], of which this makes C channels out of O.
  const filter = writer.transpose(input(application, 1), [3, 2, 0, 1]);
  const kernel = filter.shape.slice(2).map(({ at }) => at);
  const pads = padsOf(padding);
  return onImages(application, (images, shape) => {
    const missing = kernel.map((size, axis) => {
      const reach = (size - 1) * dilations[axis] + 1;
      const length = ((inputs[0]?.shape[axis + 1]?.at ?? 1) - 1) * strides[axis] + reach;
      return (shape[axis + 2]?.at ?? 0) - length + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0);
    });
    return writer.node(
      'ConvTranspose',
      [images, filter],
      { shape, dtype: 'f32' },
      {
        kernel_shape: kernel,
        strides,
        dilations,
        pads,
        output_padding: missing,
      },
    );
  });
}

function pool(opType: string): Rule {
  return (application) => {
    const { window, strides, padding }: Attributes = application.node.attributes;
    return onImages(application, (images, shape) =>
      application.writer.node(
        opType,
        [images],
        { shape, dtype: 'f32' },
        {
          kernel_shape: window,
          strides,
          pads: padsOf(padding),
        },
      ),
    );
  };
}

function batchNormalization(application: Application): Written {
  const { writer, node, inputs, shape } = application;
  const [x, mean, variance, gamma, beta] = inputs as [Written, Written, Written, Written, Written];
  const attributes = { epsilon: new Float(node.scalars.epsilon ?? 0) };
  const normal = (images: Written, sizes: readonly Size[]) =>
    writer.node(
      'BatchNormalization',
      [images, gamma, beta, mean, variance],
      { shape: sizes, dtype: 'f32' },
      attributes,
    );
  return shape.length === 2 ? normal(x, shape) : onImages(application, normal);
}

function matMul(application: Application): Written {
  const { writer, node } = application;
  const { transposeA, transposeB }: Attributes = node.attributes;
  const operand = (index: number, isTransposed: boolean) => {
    const x = input(application, index);
    const axes = x.shape.map((_, i) => i);
    const last = axes.length - 1;
    return isTransposed ? writer.transpose(x, [...axes.slice(0, -2), last, last - 1]) : x;
  };
  return writer.node('MatMul', [operand(0, transposeA), operand(1, transposeB)], type(application));
}

/** The axes that are 1 behind a reduction and were more before it. */
function reducedAxes({ shape, inputs: [x] }: Application): number[] {
  return shape.flatMap((size, axis) => (isEqual(size, x?.shape[axis]) ? [] : [axis]));
}

function reduction(application: Application): Written {
  const { writer, node } = application;
  const { reduce }: Attributes = node.attributes;
  const opType = `Reduce${reduce[0].toUpperCase()}${reduce.slice(1)}`;
  const x = input(application);
  const axes = reducedAxes(application);
  if (axes.length === 0) return x;
  const { shape } = application;
  const of = (value: Written) =>
    writer.node(
      opType,
      [value, writer.integers(axes)],
      { shape, dtype: value.dtype },
      { keepdims: 1 },
    );
  if (node.dtype === 'f32' || node.dtype === 'i32') return of(x);
  const numbers = node.dtype === 'bool' ? cast(writer, x, 'i32') : plain(writer, x);
  return cast(writer, of(numbers), node.dtype);
}

function argReduction(application: Application): Written {
  const { writer, node, shape } = application;
  const { reduce }: Attributes = node.attributes;
  const [axis = 0] = reducedAxes(application);
  const opType = reduce === 'argMax' ? 'ArgMax' : 'ArgMin';
  const place = writer.node(
    opType,
    [plain(writer, input(application))],
    { shape, dtype: 'i32' },
    { axis, keepdims: 1 },
  );
  return cast(writer, place, 'i32');
}

function slice(application: Application): Written {
  const { writer, node, again, shape } = application;
  const { starts, steps }: Attributes = node.attributes;
  const { starts: startsAgain }: Attributes = again.attributes;
  const x = input(application);
  const cut = shape.flatMap((size, axis) =>
    isEqual(size, x.shape[axis]) && steps[axis] > 0 ? [] : [axis],
  );
  const bounds = cut.map((axis) => {
    const [whole, part] = [x.shape[axis] as Size, shape[axis] as Size];
    const step = steps[axis];
    const start = { at: starts[axis], and: startsAgain[axis] };
    const end = { at: start.at + part.at * step, and: start.and + part.and * step };
    const goesOn = (of: keyof Size) => (step > 0 ? end[of] >= whole[of] : end[of] < 0);
    // Where it goes on to the end of the axis, or back to its beginning, any sizes do.
    const toTheEnd = goesOn('at') && goesOn('and');
    return [bound(start, whole), toTheEnd ? Math.sign(step) * TO_THE_END : bound(end, whole)];
  });
  const [from, to] = [0, 1].map((i) => writer.integers(bounds.map((pair) => pair[i] ?? 0)));
  const by = writer.integers(cut.map((axis) => steps[axis]));
  return writer.node(
    'Slice',
    [x, from ?? '', to ?? '', writer.integers(cut), by],
    type(application),
  );
}

/** A place on an axis, counted from where it is the same for all sizes: the beginning, or the end. */
function bound(place: Size, { at, and }: Size): number {
  if (isFixed(place)) return place.at;
  if (place.at - at === place.and - and && place.at < at) return place.at - at;
  throw notExported('a slice', 'where it lies depends on an open size. Give numbers for these.');
}

function flip(application: Application): Written {
  const { writer, node } = application;
  const { axes }: Attributes = node.attributes;
  const each = (value: number) => writer.integers(axes.map(() => value));
  const bounds = [each(-1), each(-TO_THE_END), writer.integers(axes), each(-1)];
  return writer.node('Slice', [input(application), ...bounds], type(application));
}

function pad(application: Application): Written {
  const { writer, node, again } = application;
  const { padding }: Attributes = node.attributes;
  const { padding: paddingAgain }: Attributes = again.attributes;
  if (padding.flat().join() !== paddingAgain.flat().join()) {
    throw notExported('a padding', 'its widths depend on an open size. Give numbers for these.');
  }
  const pairs: readonly (readonly [number, number])[] = padding;
  const widths = writer.integers([...pairs.map(([low]) => low), ...pairs.map(([, high]) => high)]);
  const value = writer.scalar(node.scalars.value ?? 0, node.dtype);
  return writer.node('Pad', [input(application), widths, value], type(application), {
    mode: 'constant',
  });
}

/** Which input an op's value is that of, or follows from, where the others are there for gradients. */
export const readAlone: Readonly<Record<string, number>> = { customGradient: 0, determinant: 3 };

const OUTSIDE = 'Compute that part outside of the model.';

/** Why ONNX cannot compute an op, and what to do. */
export const refusals: Readonly<Record<string, string>> = {
  cholesky: `ONNX has no operator that takes matrices apart. ${OUTSIDE}`,
  logDeterminant:
    'ONNX has no operator that takes matrices apart. Where f32 holds the determinants, write determinant(a).abs().log().',
  lu: `ONNX has no operator that takes matrices apart. ${OUTSIDE}`,
  solve: `ONNX has no operator that solves equations, as solve and inverse do. ${OUTSIDE}`,
  triangularSolve: `ONNX has no operator that solves equations. ${OUTSIDE}`,
};

/** The ops that are no formula of elements, by their names in `src/tensor/ops`. */
export const kernelRules: Readonly<Record<string, Rule>> = {
  reshape: (application) => application.writer.reshape(input(application), application.shape),
  expand: (application) => {
    const x = input(application);
    return expanded(application.writer, x.narrow ?? x, application.shape);
  },
  transpose: (application) => {
    const { permutation }: Attributes = application.node.attributes;
    return application.writer.transpose(input(application), permutation);
  },
  slice,
  flip,
  pad,
  conv2d: convolution,
  depthwiseConv2d: convolution,
  conv2dInputGradient: transposedConvolution,
  maxPool2d: pool('MaxPool'),
  avgPool2d: pool('AveragePool'),
  batchNormNormalize: batchNormalization,
  batchNormTraining: batchNormalization,
  customGradient: (application) => input(application),
  determinant: (application) =>
    application.writer.node('Det', [input(application)], type(application)),
  matMul,
  reduce: reduction,
  argReduce: argReduction,
  softmax: (application) => {
    const { log }: Attributes = application.node.attributes;
    return application.writer.node(
      log ? 'LogSoftmax' : 'Softmax',
      [input(application)],
      type(application),
      { axis: -1 },
    );
  },
  ...elementRules,
};
