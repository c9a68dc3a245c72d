import { requireFlag, requireNumber, requireOptions, requireWhole } from '../../../arguments.ts';
import { DTypeError, ShapeError } from '../../../errors.ts';
import { tensor, zeros } from '../../../tensor/ops/creation.ts';
import { dropout as drop } from '../../../tensor/ops/dropout.ts';
import { stack } from '../../../tensor/ops/joining.ts';
import { matMul } from '../../../tensor/ops/linear.ts';
import { reshape, slice, transpose } from '../../../tensor/ops/views.ts';
import { where } from '../../../tensor/ops/where.ts';
import { requireDType, requireTensor } from '../../../tensor/require-dtype.ts';
import { sameShape, sizeOf } from '../../../tensor/shape.ts';
import type { Shape } from '../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../../initializers/named.ts';
import { Layer, type Mode } from '../../layer.ts';
import { noteSettings } from '../../settings.ts';
import type { Cell } from './cells.ts';

export interface RecurrentOptions {
  /** Whether it gives the output of every step, [batch, length, units], or the last, [batch, units] (default). */
  readonly returnSequences?: boolean;
  /** Whether it reads sequences from their end; outputs are in the order of reading then, as in Keras. */
  readonly goBackwards?: boolean;
  /** With what probability an element of the input is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether biases are added (default). */
  readonly bias?: boolean;
  /** Of the input's weights. Default: 'glorotUniform', as in Keras. */
  readonly kernelInitializer?: InitializerOption;
  /** Of the state's weights. Default: 'orthogonal', as in Keras. */
  readonly recurrentInitializer?: InitializerOption;
}

/** The options of every layer that reads sequences step by step. */
export const RECURRENT_OPTIONS = [
  'returnSequences',
  'goBackwards',
  'dropout',
  'bias',
  'kernelInitializer',
  'recurrentInitializer',
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
}

/** A layer that reads sequences step by step, with weights under PyTorch's names. */
export class Recurrent extends Layer {
  readonly type: string;
  private readonly units: number;
  private readonly options: RecurrentOptions;
  readonly #cell: Cell;
  private inputWeight!: Variable;
  private stateWeight!: Variable;
  private inputBias: Variable | undefined;
  private stateBias: Variable | undefined;

  constructor(cell: Cell, units: number, options: RecurrentOptions) {
    super();
    const { type } = cell;
    requireWhole(type, { units }, { from: 1 });
    const { dropout = 0, returnSequences = false, goBackwards = false, bias = true } = options;
    requireNumber(type, { dropout }, { from: 0, to: 1 });
    for (const [name, flag] of Object.entries({ returnSequences, goBackwards, bias })) {
      requireFlag(type, name, flag);
    }
    this.type = type;
    this.units = units;
    this.options = options;
    this.#cell = cell;
    noteSettings(this, { units, ...options, ...cell.settings });
  }

  protected override createVariables(shape: readonly number[]): void {
    const { bias = true, kernelInitializer, recurrentInitializer } = this.options;
    const { units, type } = this;
    const { gates, openGate } = this.#cell;
    const features = shape[2];
    if (features === undefined || shape.length !== 3) {
      throw new ShapeError(`${type}: needs sequences [batch, length, features], got [${shape}].`);
    }
    const weight = (name: string, rows: number, initializer: InitializerOption) =>
      this.own(
        new Variable(initializerOf(initializer)([rows, gates * units]), {
          name,
          pytorchAxes: [1, 0],
        }),
      );
    this.inputWeight = weight('weight_ih_l0', features, kernelInitializer ?? 'glorotUniform');
    this.stateWeight = weight('weight_hh_l0', units, recurrentInitializer ?? 'orthogonal');
    if (!bias) return;
    const open = Float32Array.from({ length: gates * units }, (_, i) =>
      Math.floor(i / units) === openGate ? 1 : 0,
    );
    this.inputBias = this.own(new Variable(tensor(open, [gates * units]), { name: 'bias_ih_l0' }));
    this.stateBias = this.own(new Variable(zeros([gates * units]), { name: 'bias_hh_l0' }));
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    const { sequence, state } = this.read(x, { mode });
    return this.options.returnSequences ? sequence : (state[0] as Tensor);
  }

  /** Whether it gives the output of every step. */
  get returnsSequences(): boolean {
    return this.options.returnSequences ?? false;
  }

  /** Another layer of the same kind that reads the other way. */
  reversed(): Recurrent {
    const { options } = this;
    return new Recurrent(this.#cell, this.units, { ...options, goBackwards: !options.goBackwards });
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
    const { type, units } = this;
    requireDType(type, x, ['f32']);
    const [batch, length, features] = x.shape as readonly [number, number, number];
    if (x.rank !== 3 || length === 0) {
      throw new ShapeError(`${type}: needs sequences [batch, length, features], got [${x.shape}].`);
    }
    const { gates, states } = this.#cell;
    const { goBackwards = false, dropout = 0 } = this.options;
    const stateShape = [batch, units];
    const first = initialState ?? Array.from({ length: states }, () => zeros(stateShape));
    this.requireState(first, stateShape);
    requireMask(type, mask, [batch, length]);
    const given = mode?.training ? drop(x, dropout) : x;
    // Steps come first, so that each lies in one piece: in memory, and in the gradient.
    const steps = reshape(transpose(given, [1, 0, 2]), [length * batch, features]);
    const flat = matMul(steps, this.inputWeight.value);
    const all = this.inputBias ? flat.add(this.inputBias.value) : flat;
    const inputs = reshape(all, [length, batch, gates * units]);
    const step = this.#cell.step((from, to) => this.byWeights(from, to));
    let state = first as readonly Tensor[];
    const outputs: Tensor[] = [];
    for (let i = 0; i < length; i++) {
      const at = goBackwards ? length - 1 - i : i;
      const input = slice(inputs, [at], [at + 1]);
      const next = step(reshape(input, [batch, gates * units]), state);
      state = mask ? carried(mask, at, next, state) : next;
      outputs.push(state[0] as Tensor);
    }
    return { sequence: transpose(stack(outputs), [1, 0, 2]), state };
  }

  /** Multiplies by the state's weights of some gates, and adds their bias. */
  private byWeights(from: number, to: number): (output: Tensor) => Tensor {
    const { units, stateWeight, stateBias } = this;
    const isAll = to - from === this.#cell.gates;
    const ofGates = ({ value }: Variable): Tensor => {
      const before = value.shape.slice(0, -1);
      const [start, end] = [
        [...before.map(() => 0), from * units],
        [...before, to * units],
      ];
      return isAll ? value : slice(value, start, end);
    };
    const weight = ofGates(stateWeight);
    const bias = stateBias && ofGates(stateBias);
    return (output) => {
      const product: Tensor = matMul(output, weight);
      return bias ? product.add(bias) : product;
    };
  }

  private requireState(state: readonly AnyTensor[], shape: readonly number[]): void {
    const { states } = this.#cell;
    if (state.length === states && state.every((one) => sameShape(one.shape, shape))) return;
    const got = state.map((one) => `[${one.shape}]`).join(' and ');
    throw new ShapeError(`${this.type}: a state is ${states} of [${shape}], got ${got || 'none'}.`);
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
