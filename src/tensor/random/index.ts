export { categorical } from './categorical.ts';
export {
  bernoulli,
  type NormalOptions,
  normal,
  permutation,
  truncatedNormal,
  type UniformOptions,
  uniform,
} from './distributions.ts';
export { type GammaOptions, gamma, poisson } from './gamma-and-poisson.ts';
export { type RandomOptions, type RandomState, seed, setState, state } from './generator.ts';
