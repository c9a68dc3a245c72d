import { requireFlag, requireOptions } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { requireDType } from '../../../tensor/require-dtype.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { noteSettings } from '../../settings.ts';
import type { GRUOptions, LSTMOptions } from './layers.ts';
import { gruRecurrence, lstmRecurrence, type Recurrence } from './recurrences.ts';
import { RecurrentWeights, type RecurrentWeightsOptions, WEIGHTS_OPTIONS } from './weighted.ts';

/** Options of `lstmCell`: those of `lstm` that one step has a use for. */
export type LSTMCellOptions = RecurrentWeightsOptions &
  Pick<LSTMOptions, 'activation' | 'recurrentActivation'>;

/** Options of `gruCell`: those of `gru` that one step has a use for. */
export type GRUCellOptions = LSTMCellOptions & Pick<GRUOptions, 'resetAfter'>;

/** One step of a recurrent layer, for loops by hand. */
class RecurrentCell extends RecurrentWeights {
  constructor(
    type: string,
    recurrence: Recurrence,
    units: number,
    options: RecurrentWeightsOptions,
  ) {
    super(type, recurrence, units, options);
    noteSettings(this, { units, ...options, ...recurrence.settings });
  }

  protected override createVariables(shape: readonly number[]): void {
    this.createWeights(this.requireRows(shape), '');
  }

  protected compute(x: AnyTensor): AnyTensor {
    return this.next(x, undefined)[0] as Tensor;
  }

  /**
   * The state behind a step: inputs [batch, features] and the state before, [batch, units] each, zeros if left
   * out → the output and, of an LSTM, its memory.
   * @throws ShapeError where the inputs are no rows, or the state does not fit.
   * @throws DTypeError where the inputs are not f32.
   */
  step(x: AnyTensor, state?: readonly AnyTensor[]): readonly Tensor[] {
    // Makes the variables, where this is the first that it sees.
    if (this.variables.length === 0) this.build(x.shape.slice(1));
    return this.next(x, state);
  }

  private next(x: AnyTensor, state: readonly AnyTensor[] | undefined): readonly Tensor[] {
    requireDType(this.type, x, ['f32']);
    this.requireRows(x.shape);
    const [batch] = x.shape as readonly [number];
    return this.nextState()(this.ofInput(x), this.stateOf(state, batch));
  }

  private requireRows(shape: readonly number[]): number {
    const features = shape[1];
    if (features !== undefined && shape.length === 2) return features;
    throw new ShapeError(
      `${this.type}: needs the inputs of a step [batch, features], got [${shape}].`,
    );
  }
}

export type { RecurrentCell };

/**
 * A step of an LSTM, PyTorch's `LSTMCell`: `cell.step(x, [h, c])` gives the next [h, c], [batch, units] each, of
 * inputs [batch, features]; called as a layer it gives h from zeros. Weights are `weight_ih`, `weight_hh`, `bias_ih`
 * and `bias_hh`; formula and first values are those of `lstm`.
 * @throws ArgumentError where an option is out of range.
 */
export function lstmCell(units: number, options: LSTMCellOptions = {}): RecurrentCell {
  requireOptions('lstmCell', options, ['activation', 'recurrentActivation', ...WEIGHTS_OPTIONS]);
  const { activation = 'tanh', recurrentActivation = 'sigmoid', ...others } = options;
  const recurrence = lstmRecurrence({ activation, recurrentActivation });
  return new RecurrentCell('lstmCell', recurrence, units, others);
}

/**
 * A step of a GRU, PyTorch's `GRUCell`: `cell.step(x, [h])` gives the next [h], [batch, units], of inputs [batch,
 * features]; called as a layer it gives h from zeros. Weights are named as those of `lstmCell`; formula and
 * options are those of `gru`.
 * @throws ArgumentError where an option is out of range.
 */
export function gruCell(units: number, options: GRUCellOptions = {}): RecurrentCell {
  const known = ['activation', 'recurrentActivation', 'resetAfter', ...WEIGHTS_OPTIONS] as const;
  requireOptions('gruCell', options, known);
  const { resetAfter = true, activation = 'tanh', ...rest } = options;
  const { recurrentActivation = 'sigmoid', ...others } = rest;
  requireFlag('gruCell', 'resetAfter', resetAfter);
  const recurrence = gruRecurrence({ activation, recurrentActivation, resetAfter });
  return new RecurrentCell('gruCell', recurrence, units, others);
}
