import type { Layer } from '../../../nn/layer.ts';
import type { Symbolic } from '../../../nn/symbolic.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import type { LayerConfig } from '../layer-config.ts';

/** A weight of a Keras layer, and what it is in the layer made of it. */
export interface WeightRule {
  /** What Keras calls it. */
  readonly name: string;
  /** Which of the two layers of a bidirectional one has it. */
  readonly side?: 'forward' | 'backward';
  /** Where in the layer it is, where that is in a layer of its own in Keras: `cell`, `layer/cell`. */
  readonly holder?: string;
  /** The paths of the variables that it becomes. */
  readonly variables: readonly string[];
  /** Makes their values of it; one variable takes it as it is. */
  readonly split?: (value: AnyTensor) => readonly AnyTensor[];
  /** Makes it of their values, for a layer of that config. */
  readonly join?: (values: readonly [Tensor, ...Tensor[]], config: LayerConfig) => Tensor;
  /** The setting without which a layer of Keras has none, though ours has the variable. */
  readonly setting?: string;
}

/** How layers of a class of Keras are read. */
export interface LayerKind {
  readonly read: (config: LayerConfig) => Layer;
  readonly weights?: readonly WeightRule[] | ((config: LayerConfig) => readonly WeightRule[]);
  /** Refuses what cannot be told before the rank of the input is known. */
  readonly check?: (config: LayerConfig, rank: number) => void;
}

/** All weights that a layer of a kind may have. */
export function weightsOf({ weights = [] }: LayerKind, config: LayerConfig): readonly WeightRule[] {
  return typeof weights === 'function' ? weights(config) : weights;
}

/** How a class of Keras that makes one value of several is read. */
export type MergingKind = (
  branches: readonly Symbolic[],
  config: LayerConfig,
  name: { readonly name?: string },
) => Symbolic;

/** A weight that is one variable, in the same layout. */
export function same(name: string, variable: string): WeightRule {
  return { name, variables: [variable] };
}
