// `wgrad/random`: what `random` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../tensor/random/index.ts';
