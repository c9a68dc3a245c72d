import * as losses from './index.ts';

// The names that losses had before they were in a namespace, for one release.

/** @deprecated Use `losses.binaryCrossEntropy`. */
export const binaryCrossEntropy = losses.binaryCrossEntropy;
/** @deprecated Use `losses.crossEntropy`. */
export const crossEntropy = losses.crossEntropy;
/** @deprecated Use `losses.hinge`. */
export const hinge = losses.hinge;
/** @deprecated Use `losses.huber`. */
export const huber = losses.huber;
/** @deprecated Use `losses.klDivergence`. */
export const klDivergence = losses.klDivergence;
/** @deprecated Use `losses.meanAbsoluteError`. */
export const meanAbsoluteError = losses.meanAbsoluteError;
/** @deprecated Use `losses.meanSquaredError`. */
export const meanSquaredError = losses.meanSquaredError;
