export { type AdamOptions, adam, adamW } from './adam.ts';
export { Optimizer } from './optimizer.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export { type SgdOptions, sgd } from './sgd.ts';
