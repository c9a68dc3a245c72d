/** The three directions of a convolution on a CPU. */
export { conv2dFilterGradient } from './filter-gradient.ts';
export { conv2d } from './forward.ts';
export { conv2dInputGradient } from './input-gradient.ts';
