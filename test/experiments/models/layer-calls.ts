import { type AnyTensor, nn, zeros } from '../../../src/index.ts';

/** One call of a layer: what it is, where it is, and the shapes without the batch axis. */
export interface Call {
  readonly layer: nn.AnyLayer;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** All calls of a model for an input of a shape, in order; builds it, computes nothing. */
export function callsOf(model: nn.Layer, inputShape: readonly number[]): Call[] {
  const calls: Call[] = [];
  const shape = (x: unknown) => (x as AnyTensor).shape.slice(1).join('×');
  const input = zeros([1, ...inputShape]);
  nn.traceLayers(model, input, { training: false }, (layer, path, x, y) => {
    calls.push({ layer, path, from: shape(x), to: shape(y) });
  });
  return calls;
}

/** How many layers of each kind a model calls, those that only hold others left out. */
export function kindsOf(calls: readonly Call[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { layer } of calls) {
    if (layer.type === 'sequential') continue;
    kinds[layer.type] = (kinds[layer.type] ?? 0) + 1;
  }
  return kinds;
}
