import { readsOf, storesOf } from '../element-access.ts';
import { elements, wholeBlocks } from '../elements.ts';
import type { Epilogue } from '../epilogue.ts';
import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  launch,
  type NamedLaunch,
  type Operand,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import avgSource from '../wgsl/pooling/avg-pool.wgsl';
import avgGradientSource from '../wgsl/pooling/avg-pool-gradient.wgsl';
import winner from '../wgsl/pooling/functions/max-pool-winner.wgsl';
import window from '../wgsl/pooling/functions/window.wgsl';
import maxSource from '../wgsl/pooling/max-pool.wgsl';
import maxGradientSource from '../wgsl/pooling/max-pool-gradient.wgsl';
import maxGradientApartSource from '../wgsl/pooling/max-pool-gradient-apart.wgsl';
import winnersSource from '../wgsl/pooling/max-pool-winners.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';

const WORKGROUP = 64;

export type PoolAttributes = {
  /** Height and width. */
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly padding: readonly [number, number, number, number];
};

export interface PoolContext extends LaunchContext {
  readonly attributes: PoolAttributes;
}

/** x [N, H, W, C] → [N, OH, OW, C]; padding never wins. */
export function maxPool2d(context: PoolContext): Launches {
  const { inputs, output } = context;
  return launchOver(output.shape, {
    name: 'max_pool',
    source: maxSource,
    functions: [marked, ...readsOf('values', 1, inputs[0]?.dtype)],
    bindings: { values: input(0), result: OUTPUT },
    image: (inputs[0] as Operand).shape,
    windows: output.shape,
    attributes: context.attributes,
    epilogue: context.epilogue,
  });
}

/** x [N, H, W, C] → [N, OH, OW, C], the mean of a window's elements that are inside the image. */
export function avgPool2d(context: PoolContext): Launches {
  const { inputs, output } = context;
  return launchOver(output.shape, {
    name: 'avg_pool',
    source: avgSource,
    functions: readsOf('values', 1, inputs[0]?.dtype),
    bindings: { values: input(0), result: OUTPUT },
    image: (inputs[0] as Operand).shape,
    windows: output.shape,
    attributes: context.attributes,
    epilogue: context.epilogue,
  });
}

/** x [N, H, W, C] and g [N, OH, OW, C] → [N, H, W, C]: g goes to a window's first maximum, or first NaN. */
export function maxPool2dGradient(
  context: PoolContext,
  variant: MaxGradientVariant = chooseMaxGradient(context.attributes),
): Launches {
  const { inputs, output, attributes, epilogue } = context;
  const image = output.shape;
  const windows = (inputs[1] as Operand).shape;
  const cells = cellsOf(image, attributes);
  const values = readsOf('values', 1, inputs[0]?.dtype);
  const grads = readsOf('grads', 2, inputs[1]?.dtype);
  if (variant === 'overlapping') {
    const winners = launchOver(windows, {
      name: 'max_pool_winners',
      source: winnersSource,
      functions: [marked, winner, ...values],
      bindings: { values: input(0), winners: temporary(0) },
      image,
      windows,
      attributes,
    });
    const gradient = launchOver(cells, {
      name: 'max_pool_gradient',
      source: maxGradientSource,
      functions: grads,
      bindings: { winners: temporary(0), grads: input(1), result: OUTPUT },
      image,
      windows,
      attributes,
      epilogue,
    });
    const temporaries = [wholeBlocks(product(windows))];
    const launches = [...winners.launches, ...gradient.launches];
    return { ...gradient, launches, temporaries };
  }
  return launchOver(cells, {
    name: 'max_pool_gradient_apart',
    source: maxGradientApartSource,
    functions: [marked, winner, ...values, ...grads],
    bindings: { values: input(0), grads: input(1), result: OUTPUT },
    image,
    windows,
    attributes,
    epilogue,
  });
}

/** An image with its padding above and to the left, in cells as large as a window's steps. */
function cellsOf(image: readonly number[], { strides, padding }: PoolAttributes): Shape {
  const [images, height, width, channels] = image as Shape;
  const [top, , left] = padding;
  const rows = ceilDivide(height + top, strides[0]);
  const columns = ceilDivide(width + left, strides[1]);
  return [images, rows, columns, channels];
}

/** `apart`: each input is in one window at most. */
export type MaxGradientVariant = 'apart' | 'overlapping';

export function chooseMaxGradient({ window, strides }: PoolAttributes): MaxGradientVariant {
  return strides[0] >= window[0] && strides[1] >= window[1] ? 'apart' : 'overlapping';
}

/** g [N, OH, OW, C] → [N, H, W, C]. */
export function avgPool2dGradient(context: PoolContext): Launches {
  const { inputs, output } = context;
  return launchOver(output.shape, {
    name: 'avg_pool_gradient',
    source: avgGradientSource,
    functions: readsOf('grads', 1, inputs[0]?.dtype),
    bindings: { grads: input(0), result: OUTPUT },
    image: output.shape,
    windows: (inputs[0] as Operand).shape,
    attributes: context.attributes,
    epilogue: context.epilogue,
  });
}

type Shape = readonly [number, number, number, number];

interface Pooling {
  readonly name: string;
  readonly source: string;
  readonly functions?: readonly string[];
  readonly bindings: NamedLaunch['bindings'];
  readonly image: readonly number[];
  readonly windows: readonly number[];
  readonly attributes: PoolAttributes;
  /** Where its results are the op's. */
  readonly epilogue?: Epilogue;
}

/** One invocation for each place of `grid` and each four channels, or one. */
function launchOver(grid: readonly number[], pooling: Pooling): Launches {
  const { name, source, functions = [], bindings, image, windows, attributes, epilogue } = pooling;
  const [images, rows, columns, channels] = grid as Shape;
  const [, height, width] = image as Shape;
  const [, outHeight, outWidth] = windows as Shape;
  const { window: size, strides, padding } = attributes;
  const [top, , left] = padding;
  const lanes = channels % 4 === 0 ? 4 : 1;
  const vectors = channels / lanes;
  const padded =
    top > 0 ||
    left > 0 ||
    (outHeight - 1) * strides[0] + size[0] > height ||
    (outWidth - 1) * strides[1] + size[1] > width;
  const exact = outHeight * strides[0] === height && outWidth * strides[1] === width;
  const constants = {
    WORKGROUP,
    WINDOW_Y: size[0],
    WINDOW_X: size[1],
    STRIDE_Y: strides[0],
    STRIDE_X: strides[1],
    COVER_Y: ceilDivide(size[0], strides[0]),
    COVER_X: ceilDivide(size[1], strides[1]),
    PADDED: Number(padded),
    EDGES: Number(padded || !exact),
    MARK: 1,
  };
  const count = images * rows * columns * vectors;
  const pass = launch({
    program: program(name, each, constants, [
      elements('f32', lanes),
      ...(epilogue ? storesOf(Object.keys(bindings).length, lanes, epilogue) : []),
      window,
      ...functions,
      source,
    ]),
    bindings,
    params: {
      count,
      channels: vectors,
      gridHeight: rows,
      gridWidth: columns,
      height,
      width,
      outHeight,
      outWidth,
      top,
      left,
    },
    workgroups: ceilDivide(count, WORKGROUP),
    ...(epilogue && { epilogue }),
  });
  return { launches: [pass], storesHalves: lanes === 4 };
}
