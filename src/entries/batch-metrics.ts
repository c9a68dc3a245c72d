// `wgrad/batch-metrics`: what `batchMetrics` of `wgrad` holds, for bundlers that keep the whole of a namespace.

import '../methods.ts';

export * from '../train/batch-metrics.ts';
