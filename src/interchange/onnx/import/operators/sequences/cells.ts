import { split } from '../../../../../tensor/ops/joining.ts';
import { matMul } from '../../../../../tensor/ops/linear.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { Activation } from './activations.ts';

/** What one direction computes with: the weights of the state [gates · H, H], and its bias [gates · H]. */
export interface StateWeights {
  readonly weight: AnyTensor;
  readonly bias: AnyTensor;
  /** [3 · H], by which an LSTM's gates in, out and forget look at its memory. */
  readonly peepholes: AnyTensor | undefined;
  readonly activations: readonly Activation[];
}

/** A step: what came of the input [batch, gates · H] and the state before give the state after. */
type Step = (
  input: AnyTensor,
  state: readonly AnyTensor[],
  weights: StateWeights,
) => readonly AnyTensor[];

export interface Cell {
  readonly states: number;
  readonly step: Step;
  /** The activations it has where the file names none. */
  readonly usual: readonly string[];
}

function ofState(h: AnyTensor, { weight, bias }: Pick<StateWeights, 'weight' | 'bias'>): AnyTensor {
  return matMul(h, weight, false, true).add(bias);
}

/** Gates in ONNX' order: in, out, forget, new. With `forgetsByInput` what comes in takes the place of what was there. */
export const lstm = (forgetsByInput: boolean): Cell => ({
  states: 2,
  usual: ['sigmoid', 'tanh', 'tanh'],
  step: (input, [h, memory], weights) => {
    const [gate, fresh, shown] = weights.activations as [Activation, Activation, Activation];
    const [xi, xo, xf, xn] = split(input.add(ofState(h!, weights)), 4, -1);
    const [seenIn, seenOut, seenForget] = weights.peepholes ? split(weights.peepholes, 3) : [];
    const looking = (x: AnyTensor, c: AnyTensor, seen: AnyTensor | undefined) =>
      gate(seen ? x.add(seen.mul(c)) : x);
    const enter = looking(xi!, memory!, seenIn);
    const keep = forgetsByInput ? enter.neg().add(1) : looking(xf!, memory!, seenForget);
    const next = keep.mul(memory!).add(enter.mul(fresh(xn!)));
    return [looking(xo!, next, seenOut).mul(shown(next)), next];
  },
});

/** Gates in ONNX' order: update, reset, new. The reset gate acts on the state, or on what its weights make of it. */
export const gru = (linearBeforeReset: boolean): Cell => ({
  states: 1,
  usual: ['sigmoid', 'tanh'],
  step: (input, [h], { weight, bias, activations }) => {
    const [gate, renewed] = activations as [Activation, Activation];
    const units = sizeOf(h!.shape, 1);
    const gates = { weight: weight.slice([0], [2 * units]), bias: bias.slice([0], [2 * units]) };
    const last = { weight: weight.slice([2 * units]), bias: bias.slice([2 * units]) };
    const [xz, xr, xn] = split(input, 3, -1);
    const [hz, hr] = split(ofState(h!, gates), 2, -1);
    const reset = gate(xr!.add(hr!));
    const recalled = linearBeforeReset
      ? reset.mul(ofState(h!, last))
      : ofState(reset.mul(h!), last);
    const fresh = renewed(xn!.add(recalled));
    return [fresh.add(gate(xz!.add(hz!)).mul(h!.sub(fresh)))];
  },
});

export const simple: Cell = {
  states: 1,
  usual: ['tanh'],
  step: (input, [h], weights) => [weights.activations[0]!(input.add(ofState(h!, weights)))],
};
