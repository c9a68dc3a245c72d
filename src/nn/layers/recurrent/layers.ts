import { requireFlag, requireOptions } from '../../../arguments.ts';
import type { Activation } from '../activations/named.ts';
import { gruRecurrence, lstmRecurrence, simpleRecurrence } from './recurrences.ts';
import { RECURRENT_OPTIONS, Recurrent, type RecurrentOptions } from './recurrent.ts';

export interface SimpleRNNOptions extends RecurrentOptions {
  /** Default: 'tanh'. */
  readonly activation?: Activation;
}

export interface LSTMOptions extends SimpleRNNOptions {
  /** Of the gates. Default: 'sigmoid'. */
  readonly recurrentActivation?: Activation;
}

export interface GRUOptions extends LSTMOptions {
  /**
   * Whether the state is reset after it is multiplied by its weights (default), as in PyTorch, or before, as in
   * TensorFlow.js.
   */
  readonly resetAfter?: boolean;
}

/**
 * h' = activation(x · weight_ih + h · weight_hh + biases): [batch, length, features] → the last output
 * [batch, units], or those of all steps. Its method `run(x, { initialState, mask })` gives the state too.
 * @throws ArgumentError where an option is out of range.
 */
export function simpleRNN(units: number, options: SimpleRNNOptions = {}): Recurrent {
  requireOptions('simpleRNN', options, [...RECURRENT_OPTIONS, 'activation']);
  const { activation = 'tanh', ...others } = options;
  return new Recurrent(simpleRecurrence(activation), units, others);
}

/**
 * A long short-term memory: [batch, length, features] → the last output [batch, units], or those of all steps.
 * Its method `run(x, { initialState, mask })` gives the state too, [output, memory].
 * @throws ArgumentError where an option is out of range.
 */
export function lstm(units: number, options: LSTMOptions = {}): Recurrent {
  requireOptions('lstm', options, [...RECURRENT_OPTIONS, 'activation', 'recurrentActivation']);
  const { activation = 'tanh', recurrentActivation = 'sigmoid', ...others } = options;
  return new Recurrent(lstmRecurrence({ activation, recurrentActivation }), units, others);
}

/**
 * A gated recurrent unit, by default by PyTorch's formula and Keras': [batch, length, features] → the last
 * output [batch, units], or those of all steps. Its method `run(x, { initialState, mask })` gives the state too.
 * @throws ArgumentError where an option is out of range.
 */
export function gru(units: number, options: GRUOptions = {}): Recurrent {
  const own = ['activation', 'recurrentActivation', 'resetAfter'] as const;
  requireOptions('gru', options, [...RECURRENT_OPTIONS, ...own]);
  const { resetAfter = true, activation = 'tanh', ...rest } = options;
  const { recurrentActivation = 'sigmoid', ...others } = rest;
  requireFlag('gru', 'resetAfter', resetAfter);
  const recurrence = gruRecurrence({ activation, recurrentActivation, resetAfter });
  return new Recurrent(recurrence, units, others);
}
