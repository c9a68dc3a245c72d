import { slice } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import type { Settings } from '../../settings.ts';
import { type Activation, functionOf } from '../activations/named.ts';

/** The next state, given the input by its weights, [batch, gates · units], and the state before. */
export type Step = (input: Tensor, state: readonly Tensor[]) => readonly Tensor[];

/** What makes a product of an output by the weights of the gates from one number up to another. */
export type ByWeights = (from: number, to: number) => (output: Tensor) => Tensor;

/** What a recurrent layer or a cell does in each step. */
export interface Recurrence {
  /** Its type as a layer. */
  readonly type: string;
  /** How many numbers of a unit come of its input and of its state: for gates, and what they let in. */
  readonly gates: number;
  /** How many tensors [batch, units] a state has; the first is the output. */
  readonly states: number;
  /** Of which gate the bias is 1 at first, if of any. */
  readonly openGate?: number;
  /** What it was made with. */
  readonly settings: Settings;
  /** The step, by the weights as they are. */
  step(byWeights: ByWeights): Step;
}

/** What activates gates, and what they let in. */
interface Activations {
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
}

/** A function of tensors of f32, as layers compute with. */
function onTensors(activation: Activation): (x: Tensor) => Tensor {
  return functionOf(activation) as (x: AnyTensor) => Tensor;
}

function functionsOf({ activation, recurrentActivation }: Activations) {
  return [onTensors(activation), onTensors(recurrentActivation)] as const;
}

function parts(x: Tensor, count: number): Tensor[] {
  const [batch, width] = [sizeOf(x.shape, 0), sizeOf(x.shape, 1) / count];
  return Array.from({ length: count }, (_, i) =>
    slice(x, [0, i * width], [batch, (i + 1) * width]),
  );
}

/** h' = activation(input + recurrent) (Elman, "Finding structure in time", 1990) */
export function simpleRecurrence(activation: Activation): Recurrence {
  const activate = onTensors(activation);
  return {
    ...{ type: 'simpleRNN', gates: 1, states: 1, settings: { activation } },
    step(byWeights) {
      const recurrent = byWeights(0, 1);
      return (input, [last]) => [activate(input.add(recurrent(last as Tensor)))];
    },
  };
}

/**
 * Hochreiter & Schmidhuber, "Long short-term memory", 1997, with a gate that forgets (Gers et al., 2000), whose
 * bias begins at 1 (Jozefowicz et al., 2015). Gates in PyTorch's order: in, forget, new, out.
 */
export function lstmRecurrence(settings: Activations): Recurrence {
  const [activate, open] = functionsOf(settings);
  return {
    ...{ type: 'lstm', gates: 4, states: 2, openGate: 1, settings: { ...settings } },
    step(byWeights) {
      const recurrent = byWeights(0, 4);
      return (input, [last, memory]) => {
        const [enter, keep, fresh, leave] = parts(input.add(recurrent(last as Tensor)), 4) as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const next = open(keep)
          .mul(memory as Tensor)
          .add(open(enter).mul(activate(fresh)));
        return [open(leave).mul(activate(next)), next];
      };
    },
  };
}

/**
 * Cho et al., "Learning phrase representations using RNN encoder–decoder", 2014. The gate r resets what came of
 * the state by its weights, as in PyTorch and by default in Keras, or the state before it is multiplied, as in
 * the paper. Gates in PyTorch's order: r, z, n.
 */
export function gruRecurrence(
  settings: Activations & { readonly resetAfter: boolean },
): Recurrence {
  const [activate, open] = functionsOf(settings);
  return {
    ...{ type: 'gru', gates: 3, states: 1, settings: { ...settings } },
    step(byWeights) {
      const { resetAfter } = settings;
      const recurrent = byWeights(0, resetAfter ? 3 : 2);
      const afterReset = byWeights(2, 3);
      return (input, [state]) => {
        const last = state as Tensor;
        const [xr, xz, xn] = parts(input, 3) as [Tensor, Tensor, Tensor];
        const [hr, hz, hn] = parts(recurrent(last), resetAfter ? 3 : 2) as [
          Tensor,
          Tensor,
          Tensor?,
        ];
        const reset = open(xr.add(hr));
        const fresh = activate(xn.add(hn ? reset.mul(hn) : afterReset(reset.mul(last))));
        const keep = open(xz.add(hz));
        return [fresh.add(keep.mul(last.sub(fresh)))];
      };
    },
  };
}
