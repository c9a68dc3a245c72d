// `wgrad/losses`: what `losses` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../nn/losses/index.ts';
