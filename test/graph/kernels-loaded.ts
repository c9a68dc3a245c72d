// These tests schedule graphs at once, so that what is loaded on demand has to be there before.

import { loadNeeded } from '../../src/graph/execution/needed.ts';
import { topological } from '../../src/graph/node.ts';
import { tensor } from '../../src/tensor/ops/creation.ts';
import { scatterAdd } from '../../src/tensor/ops/indexing/gather.ts';
import { softmaxCrossEntropy } from '../../src/tensor/ops/softmax.ts';
import '../../src/methods.ts';
import { STANDARD_LIMITS } from './limits.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);
const places = tensor([0, 1], { dtype: 'i32' });
const results = [
  x.matMul(x).sigmoid().sum(),
  x.argMax(0),
  x.softmax(),
  scatterAdd(x.gather(places), places, 2),
  softmaxCrossEntropy(x, places),
];
for (const cpu of [true, false]) {
  await loadNeeded(topological(results.map(({ node }) => node)), { ...STANDARD_LIMITS, cpu });
}
