import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** First values for a weight of a shape: kernels are [in, out] or [KH, KW, in, out]. */
export type Initializer = (shape: readonly number[]) => Tensor<Shape>;
