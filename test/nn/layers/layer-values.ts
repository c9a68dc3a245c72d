import type { nn } from '../../../src/index.ts';
import type { NdArray } from '../../reference/array.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { download, upload } from '../../tensor/transfer.ts';

/** Gives all variables spread values, so that zeros and ones hide nothing, and returns them. */
export async function scatterVariables(model: nn.Layer): Promise<NdArray[]> {
  model.variables.forEach((variable, i) => {
    variable.assign(upload(spread(variable.shape, 20 + i, [-1, 1])));
  });
  return Promise.all(model.variables.map(({ value }) => download(value)));
}
