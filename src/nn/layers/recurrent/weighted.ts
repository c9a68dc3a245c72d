import { requireFlag, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { tensor, zeros } from '../../../tensor/ops/creation.ts';
import { matMul } from '../../../tensor/ops/linear.ts';
import { slice } from '../../../tensor/ops/views.ts';
import { sameShape } from '../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../../initializers/named.ts';
import { Layer } from '../../layer.ts';
import type { Recurrence, Step } from './recurrences.ts';

export interface RecurrentWeightsOptions {
  /** Whether biases are added (default). */
  readonly bias?: boolean;
  /** Of the input's weights. Default: 'glorotUniform', as in Keras. */
  readonly kernelInitializer?: InitializerOption;
  /** Of the state's weights. Default: 'orthogonal', as in Keras. */
  readonly recurrentInitializer?: InitializerOption;
}

export const WEIGHTS_OPTIONS = [
  'bias',
  'kernelInitializer',
  'recurrentInitializer',
] as const satisfies readonly (keyof RecurrentWeightsOptions)[];

/** A layer of the weights by which a recurrence goes from state to state. */
export abstract class RecurrentWeights extends Layer {
  readonly type: string;
  protected readonly units: number;
  readonly #recurrence: Recurrence;
  readonly #options: RecurrentWeightsOptions;
  private inputWeight!: Variable;
  private stateWeight!: Variable;
  private inputBias: Variable | undefined;
  private stateBias: Variable | undefined;

  constructor(
    type: string,
    recurrence: Recurrence,
    units: number,
    options: RecurrentWeightsOptions,
  ) {
    super();
    const { bias = true } = options;
    requireWhole(type, { units }, { from: 1 });
    requireFlag(type, 'bias', bias);
    this.type = type;
    this.units = units;
    this.#recurrence = recurrence;
    this.#options = options;
  }

  /** Makes the variables for inputs of so many features, under PyTorch's names with a suffix. */
  protected createWeights(features: number, suffix: string): void {
    const { bias = true, kernelInitializer, recurrentInitializer } = this.#options;
    const { units } = this;
    const { gates, openGate } = this.#recurrence;
    const weight = (name: string, rows: number, initializer: InitializerOption) =>
      this.own(
        new Variable(initializerOf(initializer)([rows, gates * units]), {
          name: `${name}${suffix}`,
          pytorchAxes: [1, 0],
        }),
      );
    this.inputWeight = weight('weight_ih', features, kernelInitializer ?? 'glorotUniform');
    this.stateWeight = weight('weight_hh', units, recurrentInitializer ?? 'orthogonal');
    if (!bias) return;
    const open = Float32Array.from({ length: gates * units }, (_, i) =>
      Math.floor(i / units) === openGate ? 1 : 0,
    );
    const ofInput = tensor(open, [gates * units]);
    this.inputBias = this.own(new Variable(ofInput, { name: `bias_ih${suffix}` }));
    this.stateBias = this.own(new Variable(zeros([gates * units]), { name: `bias_hh${suffix}` }));
  }

  /** The input of each row for all gates: [rows, features] → [rows, gates · units]. */
  protected ofInput(rows: AnyTensor): Tensor {
    const product: Tensor = matMul(rows as Tensor, this.inputWeight.value);
    return this.inputBias ? product.add(this.inputBias.value) : product;
  }

  /** The step from state to state by the weights as they are. */
  protected nextState(): Step {
    return this.#recurrence.step((from, to) => this.byWeights(from, to));
  }

  /** The state that is given, or zeros. @throws ShapeError where it does not fit. */
  protected stateOf(given: readonly AnyTensor[] | undefined, batch: number): readonly Tensor[] {
    const { states } = this.#recurrence;
    const shape = [batch, this.units];
    const state = given ?? Array.from({ length: states }, () => zeros(shape));
    if (state.length === states && state.every((one) => sameShape(one.shape, shape))) {
      return state as readonly Tensor[];
    }
    const got = state.map((one) => `[${one.shape}]`).join(' and ');
    throw new ShapeError(`${this.type}: a state is ${states} of [${shape}], got ${got || 'none'}.`);
  }

  /** Multiplies by the state's weights of some gates, and adds their bias. */
  private byWeights(from: number, to: number): (output: Tensor) => Tensor {
    const { units, stateWeight, stateBias } = this;
    const isAll = to - from === this.#recurrence.gates;
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
}
