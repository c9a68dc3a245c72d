import type { Attributes, Operation } from '../graph/operation.ts';
import type { AnyTensor } from './tensor.ts';

/** An application of an op, as its gradient rule sees it. */
export interface Call<A extends Attributes = Attributes> {
  readonly inputs: readonly AnyTensor[];
  readonly output: AnyTensor;
  readonly attributes: A;
  readonly scalars: readonly number[];
}

/**
 * An op's one record. `vjp` is its gradient: from the gradient of the output, that of each input
 * (`undefined` where there is none to give). A fused op also has a decomposition into plain ops:
 * the oracle of its tests, and what is differentiated where it has no `vjp`.
 */
export interface Op extends Operation {
  // biome-ignore lint/suspicious/noExplicitAny: each record knows its own attributes
  readonly vjp?: (gradient: AnyTensor, call: Call<any>) => readonly (AnyTensor | undefined)[];
  // biome-ignore lint/suspicious/noExplicitAny: each record knows its own attributes
  readonly decompose?: (call: Omit<Call<any>, 'output'>) => AnyTensor;
}
