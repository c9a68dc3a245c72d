import type { AnyDataset } from '../data/pipeline/dataset.ts';
import { DataError, ShapeError } from '../errors.ts';
import { isFloat } from '../kernels/dtype.ts';
import type { AnyLayer } from '../nn/layer.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { mapStructure } from '../tensor/structure.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { kept } from './output-scoring.ts';
import type { Scoring } from './scoring.ts';

const BATCH_SIZE = 256;

/**
 * Looks, once a loss is NaN, for an example whose target makes it so whatever the outputs are: a
 * label that is no class, a target that is no number. On the device such labels give NaN alone, so
 * that they cost nothing as long as there are none.
 * @throws ShapeError where a label is no class, DataError where a target is not finite; they name it,
 *   and the example by its number in the data set.
 */
export async function refuseWrongTargets(
  caller: string,
  model: AnyLayer,
  examples: AnyDataset,
  scoring: Scoring,
): Promise<void> {
  let first = 0;
  for await (const batch of examples.batch(BATCH_SIZE).epoch(0)) {
    const outputs = model.forward(batch.inputs); // of which nothing is computed
    const blank = mapStructure(outputs, ({ shape }) => zeros(shape));
    for (const { name, losses, mask, targets, outputs } of scoring.parts(blank, batch)) {
      const isNan = await kept(losses, mask).isNan().data();
      const at = isNan.indexOf(1);
      if (at < 0 || !(targets instanceof Tensor) || !(outputs instanceof Tensor)) continue;
      const size = targets.size / losses.size;
      const own = (await targets.data()).subarray(at * size, (at + 1) * size);
      const number = first + Math.floor((at * batch.count) / losses.size);
      const example = `${caller}: example ${number}${name && ` of the output '${name}'`}`;
      refuseTarget(example, [...own], targets, outputs.shape);
    }
    first += batch.count;
  }
}

function refuseTarget(
  example: string,
  values: readonly number[],
  { dtype, rank }: AnyTensor,
  outputs: readonly number[],
): void {
  if (isFloat(dtype)) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong === undefined) return;
    throw new DataError(
      `${example} has the target ${wrong}, so that the loss is NaN. Leave it out, mend or mask it.`,
    );
  }
  const classes = outputs.at(-1) ?? 0;
  const wrong = values.find((label) => label < 0 || label >= classes);
  if (wrong === undefined || rank !== outputs.length - 1) return;
  const remedy =
    wrong === classes
      ? `If labels start at 1, subtract 1; else the model needs more than ${classes} outputs.`
      : `Leave the example out, mend its label, or have it passed over: ignoreIndex: ${wrong}.`;
  throw new ShapeError(
    `${example} has label ${wrong}, which is no class: the model's outputs [N,${outputs.slice(1)}] have ${classes} ` +
      `classes, from 0 to ${classes - 1}. ${remedy}`,
  );
}
