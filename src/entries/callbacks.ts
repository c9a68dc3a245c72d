// `wgrad/callbacks`: what `callbacks` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../train/callbacks/index.ts';
