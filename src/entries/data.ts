// `wgrad/data`: what `data` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../data/index.ts';
