import { tensor } from '../../tensor/ops/creation.ts';
import { type Tensors, valuesOf } from '../../tensor/structure.ts';
import { realize } from '../../tensor/tensor.ts';
import { type AnySource, type Examples, mapExamples, partsOf, type Source } from './batch.ts';

/** Examples that stay on the device, computed when the first of them is asked for. */
export function stored<I extends Tensors, T extends Tensors>(
  count: number,
  compute: () => Examples<I, T> | Promise<Examples<I, T>>,
): Source<I, T> {
  let there: Examples | undefined;
  let coming: Promise<Examples> | undefined;
  const load = async () => {
    const examples = await compute();
    await realize(...partsOf(examples).flatMap(([, tensors]) => valuesOf(tensors)));
    there = examples;
    return examples;
  };
  const source: AnySource = {
    count,
    get(indices) {
      if (there) return gathered(there, indices);
      // A failure is not kept: whoever asks next tries again.
      coming ??= load().finally(() => {
        coming = undefined;
      });
      return coming.then((examples) => gathered(examples, indices));
    },
  };
  return source as Source<I, T>;
}

/** The examples of these numbers. Only the numbers go to the device. */
function gathered(examples: Examples, indices: Int32Array) {
  const at = tensor(indices, [indices.length]);
  return { ...mapExamples(examples, (all) => all.gather(at)), count: indices.length };
}
