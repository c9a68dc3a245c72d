import { requireFlag, requireOptions } from '../arguments.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { type Cell, cellOf } from '../graph/cell.ts';
import { isTrained, refuseFreezing } from '../graph/execution/freezing.ts';
import { recording } from '../graph/execution/recording.ts';
import type { DType } from '../kernels/dtype.ts';
import { requireTensor } from './require-dtype.ts';
import { sameShape } from './shape.ts';
import type { Shape } from './shape-types.ts';
import { type AnyTensor, type HostArrayOf, Tensor } from './tensor.ts';

/** What `loss.backward()` has left for each variable, until an optimizer takes it. */
const gradients = new WeakMap<Cell, Tensor>();

export interface VariableOptions {
  /** A name for summaries, checkpoints and errors. */
  readonly name?: string;
  /** Whether optimizers change it (default) or not, like a running mean. */
  readonly trainable?: boolean;
  /**
   * Where each of its axes lies in PyTorch's weight of the same kind, for `io.importPytorch`: [1, 0]
   * for a matrix [in, out] that PyTorch keeps as [out, in]. Default: the axes are the same.
   */
  readonly pytorchAxes?: readonly number[];
}

/** A named cell that holds a tensor between steps: a weight, a moment, a running mean. */
export class Variable<S extends Shape = Shape, D extends DType = 'f32'> {
  readonly cell: Cell<S, D>;
  readonly shape: S;
  readonly dtype: D;
  /** See {@link VariableOptions}. */
  readonly pytorchAxes: readonly number[] | undefined;

  /**
   * Starts with the value of `initial`, which is computed when it is first needed. Where that is
   * made from other variables, it is their value at this point of the program.
   * @throws ShapeError where `pytorchAxes` are not the axes of `initial`.
   */
  constructor(initial: Tensor<S, D>, options: VariableOptions = {}) {
    requireTensor('Variable', initial);
    requireOptions('Variable', options, ['name', 'trainable', 'pytorchAxes']);
    const recorder = recording();
    if (recorder) recorder.makesVariables = true;
    this.cell = cellOf(initial.node, options.name, options.trainable);
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.pytorchAxes = options.pytorchAxes;
    const axes = this.pytorchAxes ? [...this.pytorchAxes].sort() : [...initial.shape.keys()];
    if (axes.length !== initial.shape.length || axes.some((axis, i) => axis !== i)) {
      throw new ShapeError(
        `Variable: pytorchAxes [${this.pytorchAxes}] must name each axis of [${initial.shape}] once.`,
      );
    }
  }

  get name(): string {
    return this.cell.name;
  }

  /**
   * Whether optimizers change it. Set to false it is frozen: it keeps its value, which `assign` alone
   * replaces, until it is set to true again. What was made with `trainable: false` never trains.
   */
  get trainable(): boolean {
    return isTrained(this.cell);
  }

  /** @throws ArgumentError where it is neither true nor false, or set within a compiled function. */
  set trainable(trainable: boolean) {
    requireFlag('Variable', 'trainable', trainable);
    refuseFreezing();
    this.cell.isFrozen = !trainable;
  }

  get size(): number {
    return this.cell.size;
  }

  /**
   * The value at this point of the program, as a tensor. Once the variable has been assigned
   * anew, tensors built from the older value and not yet computed throw `StaleTensorError`.
   */
  get value(): Tensor<S, D> {
    return new Tensor(this.cell.read());
  }

  /**
   * Replaces the value from here on. It is computed together with whatever is computed next.
   * @throws ShapeError where `value` is of another shape.
   * @throws DTypeError where it is of another dtype.
   */
  assign(value: Tensor<S, D>): void {
    const given: AnyTensor = value;
    requireTensor('assign', given);
    if (!sameShape(given.shape, this.shape)) {
      throw new ShapeError(
        `assign: variable '${this.name}' has shape [${this.shape}], got [${given.shape}].`,
      );
    }
    if (given.dtype !== this.dtype) {
      throw new DTypeError(
        `assign: variable '${this.name}' is ${this.dtype}, got ${given.dtype}. Use cast first.`,
      );
    }
    this.cell.assign(given.node);
  }

  /** What `loss.backward()` has summed up since an optimizer last used it. */
  get gradient(): Tensor<S, 'f32'> | undefined {
    return gradients.get(this.cell) as Tensor<S, 'f32'> | undefined;
  }

  set gradient(value: Tensor<S, 'f32'> | undefined) {
    keepGradient(this.cell, value);
  }

  /** The elements of the present value; see `Tensor.data`. */
  data(): Promise<HostArrayOf<D>> {
    return this.value.data();
  }

  /** Name, shape and dtype. */
  toString(): string {
    return `Variable '${this.name}' ${this.dtype}[${this.shape.join(', ')}]`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Adds to the gradient of the variable behind a storage cell. */
export function accumulateGradient(cell: Cell, part: Tensor): void {
  const sum = gradients.get(cell);
  keepGradient(cell, sum ? sum.add(part) : part);
}

function keepGradient(cell: Cell, value: Tensor | undefined): void {
  const recorder = recording();
  // What is recorded happens once, and a gradient left behind would be summed up but that once.
  if (recorder && gradients.has(cell) && !recorder.gradients.has(cell)) {
    recorder.refuse(
      new ArgumentError(
        `compile: the function uses the gradient that backward() has left for variable '${cell.name}' before it was called. ` +
          'Call backward() and step() both within the function, or give step the loss.',
      ),
    );
  }
  if (value) {
    gradients.set(cell, value);
    recorder?.gradients.add(cell);
  } else {
    gradients.delete(cell);
    recorder?.gradients.delete(cell);
  }
}

/** A variable of any shape and dtype. */
export type AnyVariable = Variable<Shape, DType>;
