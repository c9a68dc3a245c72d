import type { DeviceLimits } from '../device/device.ts';
import type { DType } from '../kernels/dtype.ts';
import type { FunctionName } from '../kernels/elementwise/function-texts.ts';
import type { Attributes, KernelContext, Launches } from '../kernels/launch.ts';
import type { OnDemand } from '../kernels/on-demand.ts';

export type { Attributes } from '../kernels/launch.ts';

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

/**
 * How the scheduler computes an op. Its functions are methods to the types, so that a record may
 * name the attributes and the number of inputs that it takes, and still be an op like any other.
 */
type Lowering<A extends Attributes = Attributes> =
  /** A value that is already there. */
  | { readonly kind: 'leaf' }
  /** A value made from its position alone: inlined wherever it is used. */
  | { readonly kind: 'generator'; readonly generate: 'constant' | 'iota' | 'random' }
  /**
   * One WGSL expression over `vec4`s; inputs and output have the same shape. `sign_bit` is f32's in
   * four lanes of u32, of which a driver's compiler does not know what it is.
   */
  | {
      readonly kind: 'elementwise';
      wgsl(inputs: readonly string[], output: DType, operands: readonly DType[]): string;
      /** The WGSL functions that the expression calls. */
      readonly functions?: readonly FunctionName[];
      /** Worth storing rather than computing twice. */
      readonly heavy?: boolean;
    }
  /** Another arrangement of the same elements: costs an index computation, no copy. */
  | {
      readonly kind: 'view';
      map(attributes: A, input: readonly number[]): ViewMap;
    }
  /** Hand-written kernels. `takesEpilogue`: they may end with the expression that follows them. */
  | {
      readonly kind: 'kernel';
      launch(context: KernelContext<A>): Launches;
      /** What its launch rule takes, where that is loaded on demand. */
      needs?(limits: DeviceLimits): OnDemand<unknown>;
      readonly takesEpilogue?: boolean;
      /** Its launch rule takes inputs of which the op was applied to the transposes. */
      readonly readsTransposed?: boolean;
      /** Whether that input may also be f16: the launch rule is told where f32 is but a cast of them. */
      readsHalves?(input: number, inputs: readonly Shaped[], attributes: A): boolean;
      /**
       * Whether its kernel can compute another node on the way, an input of its own or one of the same
       * inputs: the number by which its launch rule binds that.
       */
      alongside?(own: Application<A>, other: Application, limits: DeviceLimits): number | undefined;
    }
  /** Inputs laid out one after the other at `attributes.offsets` (bytes) of one buffer. */
  | { readonly kind: 'pack' };

interface Shaped {
  readonly shape: readonly number[];
}

/** An op applied to inputs, as the record of another op sees it. */
export interface Application<A extends Attributes = Attributes> {
  readonly op: Operation;
  readonly inputs: readonly unknown[];
  readonly attributes: A;
  readonly shape: readonly number[];
}

/** The part of an op that the graph needs: its name and how it is computed. */
export interface Operation<A extends Attributes = Attributes> {
  readonly name: string;
  readonly lowering: Lowering<A>;
  /** Its results are numbers from 0 to 1, made of any. */
  readonly squashes?: boolean;
  /** Its values are its input's, as another dtype has them. */
  readonly casts?: boolean;
  /** No gradient passes through: once computed, its inputs are let go. */
  readonly endsHistory?: boolean;
}
