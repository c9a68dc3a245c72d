import * as random from './index.ts';

// The names that these functions had before they were in a namespace, for one release.

/** @deprecated Use `random.uniform`. */
export const randomUniform = random.uniform;
/** @deprecated Use `random.normal`. */
export const randomNormal = random.normal;
/** @deprecated Use `random.truncatedNormal`. */
export const randomTruncatedNormal = random.truncatedNormal;
/** @deprecated Use `random.bernoulli`. */
export const randomBernoulli = random.bernoulli;
/** @deprecated Use `random.permutation`. */
export const randomPermutation = random.permutation;
/** @deprecated Use `random.seed`. */
export const setSeed = random.seed;
/** @deprecated Use `random.state`. */
export const randomState = random.state;
/** @deprecated Use `random.setState`. */
export const setRandomState = random.setState;
