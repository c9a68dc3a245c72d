import { requireFlag, requireNumber, requireOptions } from '../../../arguments.ts';
import { DTypeError, ShapeError } from '../../../errors.ts';
import { dropout as drop } from '../../../tensor/ops/dropout.ts';
import { stack } from '../../../tensor/ops/joining.ts';
import { reshape, slice, transpose } from '../../../tensor/ops/views.ts';
import { where } from '../../../tensor/ops/where.ts';
import { requireDType, requireTensor } from '../../../tensor/require-dtype.ts';
import { sameShape, sizeOf } from '../../../tensor/shape.ts';
import type { Shape } from '../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import type { Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import type { Recurrence } from './recurrences.ts';
import { RecurrentWeights, type RecurrentWeightsOptions, WEIGHTS_OPTIONS } from './weighted.ts';

export interface RecurrentOptions extends RecurrentWeightsOptions {
  /** Whether it gives the output of every step, [batch, length, units], or the last, [batch, units] (default). */
  readonly returnSequences?: boolean;
  /** Whether it reads sequences from their end; outputs are in the order of reading then, as in Keras. */
  readonly goBackwards?: boolean;
  /** With what probability an element of the input is dropped in training. Default: 0. */
  readonly dropout?: number;
}

/** The options of every layer that reads sequences step by step. */
export const RECURRENT_OPTIONS = [
  'returnSequences',
  'goBackwards',
  'dropout',
  ...WEIGHTS_OPTIONS,
] as const satisfies readonly (keyof RecurrentOptions)[];

/** How a recurrent layer is run. */
export interface RunOptions {
  /** [batch, units] each: the output and, of an LSTM, its memory. Default: zeros. */
  readonly initialState?: readonly AnyTensor[];
  /** Which steps are there, bool [batch, length]: over others the state is carried as it is. */
  readonly mask?: AnyTensor;
  readonly mode?: Mode;
}

/** What comes of a run. */
export interface RecurrentRun {
  /** The output of every step, [batch, length, units], in the order of reading. */
  readonly sequence: Tensor;
  /** What the last step left: the output and, of an LSTM, its memory, [batch, units] each. */
  readonly state: readonly Tensor[];
  /** What the layer gives when it is called: the outputs of all steps, or the last. */
  readonly output: Tensor;
}

/** A layer that reads sequences step by step, with weights under PyTorch's names. */
export class Recurrent extends RecurrentWeights {
  private readonly options: RecurrentOptions;
  readonly #recurrence: Recurrence;

  constructor(recurrence: Recurrence, units: number, options: RecurrentOptions) {
    const { type } = recurrence;
    super(type, recurrence, units, options);
    const { dropout = 0, returnSequences = false, goBackwards = false } = options;
    requireNumber(type, { dropout }, { from: 0, to: 1 });
    requireFlag(type, 'returnSequences', returnSequences);
    requireFlag(type, 'goBackwards', goBackwards);
    this.options = options;
    this.#recurrence = recurrence;
    noteSettings(this, { units, ...options, ...recurrence.settings });
  }

  protected override createVariables(shape: readonly number[]): void {
    const features = shape[2];
    if (features === undefined || shape.length !== 3) {
      throw new ShapeError(
        `${this.type}: needs sequences [batch, length, features], got [${shape}].`,
      );
    }
    this.createWeights(features, '_l0');
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.read(x, { mode }).output;
  }

  /** Whether it gives the output of every step. */
  get returnsSequences(): boolean {
    return this.options.returnSequences ?? false;
  }

  /** Whether it reads sequences from their end. */
  get goesBackwards(): boolean {
    return this.options.goBackwards ?? false;
  }

  /** Another layer of the same kind that reads the other way. */
  reversed(): Recurrent {
    const { options } = this;
    return new Recurrent(this.#recurrence, this.units, {
      ...options,
      goBackwards: !options.goBackwards,
    });
  }

  /**
   * Reads sequences [batch, length, features] from a state, over the steps that are there.
   * @throws ShapeError where they are no sequences, empty, or the state or mask does not fit.
   * @throws DTypeError where x is not f32 or the mask not bool.
   */
  run(x: AnyTensor, options: RunOptions = {}): RecurrentRun {
    requireOptions(this.type, options, ['initialState', 'mask', 'mode']);
    requireTensor(this.type, x);
    // Makes the variables, where this is the first that it sees.
    if (this.variables.length === 0) this.build(x.shape.slice(1));
    return this.read(x, options);
  }

  private read(x: AnyTensor, { initialState, mask, mode }: RunOptions): RecurrentRun {
    const { type } = this;
    requireDType(type, x, ['f32']);
    const [batch, length, features] = x.shape as readonly [number, number, number];
    if (x.rank !== 3 || length === 0) {
      throw new ShapeError(`${type}: needs sequences [batch, length, features], got [${x.shape}].`);
    }
    const { goBackwards = false, dropout = 0, returnSequences = false } = this.options;
    let state = this.stateOf(initialState, batch);
    requireMask(type, mask, [batch, length]);
    const given = mode?.training ? drop(x, dropout) : x;
    // Steps come first, so that each lies in one piece: in memory, and in the gradient.
    const steps = reshape(transpose(given, [1, 0, 2]), [length * batch, features]);
    const flat = this.ofInput(steps);
    const width = sizeOf(flat.shape, 1);
    const inputs = reshape(flat, [length, batch, width]);
    const step = this.nextState();
    const outputs: Tensor[] = [];
    for (let i = 0; i < length; i++) {
      const at = goBackwards ? length - 1 - i : i;
      const input = slice(inputs, [at], [at + 1]);
      const next = step(reshape(input, [batch, width]), state);
      state = mask ? carried(mask, at, next, state) : next;
      outputs.push(state[0] as Tensor);
    }
    const sequence = transpose(stack(outputs), [1, 0, 2]);
    return { sequence, state, output: returnSequences ? sequence : (state[0] as Tensor) };
  }
}

function requireMask(type: string, mask: AnyTensor | undefined, shape: readonly number[]): void {
  if (!mask) return;
  if (mask.dtype !== 'bool') {
    throw new DTypeError(`${type}: the mask must be bool, got ${mask.dtype}. Use cast('bool').`);
  }
  if (sameShape(mask.shape, shape)) return;
  throw new ShapeError(`${type}: the mask must be [${shape}], got [${mask.shape}].`);
}

/** The state before where a step is not there. */
function carried(
  mask: AnyTensor,
  at: number,
  next: readonly Tensor[],
  before: readonly Tensor[],
): readonly Tensor[] {
  const batch = sizeOf(mask.shape, 0);
  const there = slice(mask as Tensor<Shape, 'bool'>, [0, at], [batch, at + 1]);
  return next.map((value, i) => where(there, value, before[i] as Tensor) as Tensor);
}
