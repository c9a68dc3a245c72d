// `wgrad/io`: what `io` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../io/index.ts';
