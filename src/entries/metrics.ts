// `wgrad/metrics`: what `metrics` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../train/metrics/index.ts';
