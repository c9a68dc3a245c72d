import type { DType } from '../../kernels/dtype.ts';
import type { Node } from '../node.ts';
import type { Affine } from './affine.ts';

/** A condition on the position of an element: `0 ≤ at < limit`. */
export interface Bound {
  readonly at: Affine;
  readonly limit: number;
}

/** One value of a fused kernel, over `vec4`s of consecutive output elements. */
export type Value =
  | {
      readonly kind: 'load';
      readonly node: Node;
      readonly at: Affine;
      readonly bounds: readonly Bound[];
    }
  /** What the kernel whose end the expression is has computed. */
  | { readonly kind: 'given'; readonly at: Affine }
  | { readonly kind: 'constant'; readonly node: Node }
  | { readonly kind: 'iota'; readonly at: Affine; readonly dtype: DType }
  | { readonly kind: 'random'; readonly node: Node; readonly at: Affine }
  | {
      readonly kind: 'padded';
      readonly value: number;
      readonly bounds: readonly Bound[];
      /** Its scalar is the value where a bound does not hold. */
      readonly node: Node;
    }
  | { readonly kind: 'op'; readonly node: Node; readonly inputs: readonly number[] };
