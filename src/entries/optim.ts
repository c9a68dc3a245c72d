// `wgrad/optim`: what `optim` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../optim/index.ts';
