import { inWords, requireFlag, requireList, requireOptions } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import { concat as join } from '../../tensor/ops/joining.ts';
import { matMul } from '../../tensor/ops/linear.ts';
import { requireDType } from '../../tensor/require-dtype.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';
import { noteSettings, type Settings } from '../settings.ts';
import { type ApplyOptions, Symbolic } from '../symbolic.ts';
import { requireLayers } from './require-layers.ts';

/** Makes one tensor of several. */
type Merge = (tensors: readonly AnyTensor[]) => AnyTensor;

/** One tensor of several, given as symbolic values. */
class Merging extends Layer<readonly AnyTensor[]> {
  readonly type: string;
  override readonly takes = 'several';
  private readonly merge: Merge;

  constructor(type: string, merge: Merge, settings: Settings) {
    super();
    noteSettings(this, settings);
    this.type = type;
    this.merge = merge;
  }

  protected compute(tensors: readonly AnyTensor[]): AnyTensor {
    return this.merge(tensors);
  }
}

/** Branches on the same input, whose results are merged. */
export class Branches extends Layer {
  readonly type: string;
  override readonly inputDType: DType;
  readonly branches: readonly Layer[];
  private readonly merge: Merge;

  constructor(type: string, branches: readonly Layer[], merge: Merge, settings: Settings) {
    super();
    noteSettings(this, settings);
    this.type = type;
    this.inputDType = branches[0]?.inputDType ?? 'f32';
    this.branches = branches;
    this.merge = merge;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.merge(this.branches.map((branch) => branch.forward(x, mode)));
  }
}

/** A symbolic value of symbolic values, a layer of layers. */
type Merged<B> = B extends Symbolic ? Symbolic : Layer;

/**
 * Merges symbolic values at once, and layers by a layer that applies all of them to its input.
 * @throws ArgumentError where there is no branch, or one is neither.
 */
function merged<B extends Symbolic | Layer>(
  type: string,
  branches: readonly B[],
  merge: Merge,
  options: ApplyOptions = {},
  settings: Settings = {},
): Merged<B> {
  requireList(type, branches, 'layers, or of symbolic values as layer.apply(x) gives them');
  if (branches.length === 0) throw new ArgumentError(`${type}: needs at least one branch.`);
  const symbolic = branches.filter((branch) => branch instanceof Symbolic);
  if (symbolic.length === branches.length) {
    return new Merging(type, merge, settings).apply(symbolic, options) as Merged<B>;
  }
  const layers: readonly unknown[] = branches;
  requireLayers(type, layers);
  if (options.name !== undefined) {
    throw new ArgumentError(
      `${type}: layers are named where they are applied: layer.apply(x, { name }).`,
    );
  }
  return new Branches(type, [...layers], merge, settings) as Symbolic | Layer as Merged<B>;
}

/** A merge of f32 tensors, two by two; sizes of 1 are stretched. */
function pairwise(type: string, pair: (a: Tensor, b: Tensor) => Tensor) {
  const merge = (tensors: readonly AnyTensor[]): Tensor =>
    tensors
      .map((x): Tensor => {
        requireDType(type, x, ['f32']);
        return x;
      })
      .reduce(pair);
  return merge;
}

const sum = pairwise('add', (a, b) => a.add(b));
const product = pairwise('multiply', (a, b) => a.mul(b));
const difference = pairwise('subtract', (a, b) => a.sub(b));
const largest = pairwise('maximum', (a, b) => a.maximum(b));
const smallest = pairwise('minimum', (a, b) => a.minimum(b));

/**
 * The sum of symbolic values, `nn.add([a, b])`, or a layer that sums what several layers give for its
 * input. Sizes of 1 are stretched.
 * @throws ShapeError where shapes do not fit, DTypeError where they are not f32.
 */
export function add<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  return merged('add', branches, sum, options);
}

/** The first branch minus the other; as {@link add}. @throws ArgumentError unless there are two. */
export function subtract<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  requirePair('subtract', branches);
  return merged('subtract', branches, difference, options);
}

/** The product of the branches, element by element; as {@link add}. */
export function multiply<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  return merged('multiply', branches, product, options);
}

/** The mean of the branches, element by element; as {@link add}. */
export function average<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  return merged('average', branches, (tensors) => sum(tensors).div(tensors.length), options);
}

/** The largest of the branches, element by element; as {@link add}. */
export function maximum<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  return merged('maximum', branches, largest, options);
}

/** The smallest of the branches, element by element; as {@link add}. */
export function minimum<B extends Symbolic | Layer>(
  branches: readonly B[],
  options?: ApplyOptions,
): Merged<B> {
  return merged('minimum', branches, smallest, options);
}

/**
 * Symbolic values one behind the other along an axis (the last; the batch is axis 0), or a layer that
 * joins what several layers give for its input so.
 * @throws ArgumentError where there is no branch.
 * @throws ShapeError where the shapes differ in another axis.
 */
export function concat<B extends Symbolic | Layer>(
  branches: readonly B[],
  axis = -1,
  options?: ApplyOptions,
): Merged<B> {
  return merged('concat', branches, (tensors) => join(tensors, axis), options, { axis });
}

export interface DotOptions extends ApplyOptions {
  /** The axis to sum along, or that of each branch; the batch is axis 0. Default: the last. */
  readonly axes?: number | readonly [number, number];
  /** Whether vectors along those axes are divided by their lengths first: their cosine. Default false. */
  readonly normalize?: boolean;
}

/**
 * The scalar product of two branches along an axis of each: [N, …a, K] · [N, …b, K] → [N, …a, …b], and
 * [N, 1] of vectors.
 * @throws ShapeError where the sizes along the axes differ, or an axis numbers the examples.
 * @throws ArgumentError unless there are two branches.
 */
export function dot<B extends Symbolic | Layer>(
  branches: readonly B[],
  options: DotOptions = {},
): Merged<B> {
  requireOptions('dot', options, ['axes', 'normalize', 'name']);
  const { axes = -1, normalize = false, name } = options;
  requireFlag('dot', 'normalize', normalize);
  requirePair('dot', branches);
  const both = typeof axes === 'number' ? [axes, axes] : axes;
  const merge: Merge = (tensors) => {
    const [a, b] = tensors.map((x, i) => vectorsAlong(x, both[i] as number, normalize)) as [
      Tensor,
      Tensor,
    ];
    const [size, other] = [a.shape.at(-1), b.shape.at(-1)];
    if (size !== other) {
      throw new ShapeError(
        `dot: [${tensors[0]?.shape}] and [${tensors[1]?.shape}] have ${size} and ${other} elements along axes [${both}].`,
      );
    }
    const rest = [...a.shape.slice(1, -1), ...b.shape.slice(1, -1)];
    const matrix = (x: Tensor) => x.reshape([x.shape[0] as number, -1, size as number]);
    const products: Tensor = matMul(matrix(a), matrix(b).transpose([0, 2, 1]));
    return products.reshape([a.shape[0] as number, ...(rest.length > 0 ? rest : [1])]);
  };
  const named = name === undefined ? {} : { name };
  return merged('dot', branches, merge, named, { axes: both, normalize });
}

/** With an axis moved to the end, and vectors along it of length 1 if asked for. */
function vectorsAlong(x: AnyTensor, axis: number, normalize: boolean): Tensor {
  requireDType('dot', x, ['f32']);
  const at = normalizeAxis('dot', axis, x.rank);
  if (at === 0) throw new ShapeError(`dot: axis ${axis} of [${x.shape}] numbers the examples.`);
  const others = x.shape.map((_, i) => i).filter((i) => i !== at);
  const vectors: Tensor = x.transpose([...others, at]);
  if (!normalize) return vectors;
  return vectors.div(vectors.square().sum(-1, true).maximum(1e-12).sqrt());
}

function requirePair(type: string, branches: readonly unknown[]): void {
  if (Array.isArray(branches) && branches.length === 2) return;
  const got = Array.isArray(branches) ? branches.length : inWords(branches);
  throw new ArgumentError(`${type}: takes two branches, such as [a, b]; got ${got}.`);
}
