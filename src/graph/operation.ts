import type { DType } from '../kernels/dtype.ts';
import type { KernelContext, Launches } from '../kernels/launch.ts';

export type { Attributes, KernelContext } from '../kernels/launch.ts';

/**
 * How one axis of a view's input is found from the output's coordinates:
 * `start + step * output[axis]`, or `start` alone where `axis` is -1.
 */
export interface AxisMap {
  readonly axis: number;
  readonly step: number;
  readonly start: number;
}

/** How a view finds its input element. Where `pads`, its value outside the input is its node's scalar. */
export type ViewMap =
  | { readonly kind: 'reshape' }
  | { readonly kind: 'axes'; readonly axes: readonly AxisMap[]; readonly pads?: boolean };

/** How the scheduler computes an op. */
export type Lowering =
  /** A value that is already there. */
  | { readonly kind: 'leaf' }
  /** A value made from its position alone: inlined wherever it is used. */
  | { readonly kind: 'generator'; readonly generate: 'constant' | 'iota' | 'random' }
  /** One WGSL expression over `vec4`s; inputs and output have the same shape. */
  | {
      readonly kind: 'elementwise';
      readonly wgsl: (
        inputs: readonly string[],
        output: DType,
        operands: readonly DType[],
      ) => string;
      /** Dear enough that it should not be computed twice. */
      readonly heavy?: boolean;
    }
  /** Another arrangement of the same elements: costs an index computation, no copy. */
  | {
      readonly kind: 'view';
      // biome-ignore lint/suspicious/noExplicitAny: attributes are checked where the op is applied
      readonly map: (attributes: any, input: readonly number[]) => ViewMap;
    }
  /** Hand-written kernels. `takesEpilogue`: the scheduler may fold bias and activation into them. */
  | {
      readonly kind: 'kernel';
      // biome-ignore lint/suspicious/noExplicitAny: attributes are checked where the op is applied
      readonly launch: (context: KernelContext<any>) => Launches;
      readonly takesEpilogue?: boolean;
    }
  /** Inputs laid out one after the other at `attributes.offsets` (bytes) of one buffer. */
  | { readonly kind: 'pack' };

/** The part of an op that the graph needs: its name and how it is computed. */
export interface Operation {
  readonly name: string;
  readonly lowering: Lowering;
  /** No gradient passes through: once computed, its inputs are let go. */
  readonly endsHistory?: boolean;
}
