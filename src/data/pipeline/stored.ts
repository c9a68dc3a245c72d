import { tensor } from '../../tensor/ops/creation.ts';
import { type AnyTensor, realize } from '../../tensor/tensor.ts';
import type { Batch, Source } from './batch.ts';

/** All examples of a data set, one behind the other along the first axis. */
export interface Examples {
  readonly inputs: AnyTensor;
  readonly targets: AnyTensor;
}

/** Examples that stay on the device, computed when the first of them is asked for. */
export function stored(count: number, compute: () => Examples | Promise<Examples>): Source {
  let there: Examples | undefined;
  let coming: Promise<Examples> | undefined;
  const load = async () => {
    const examples = await compute();
    await realize(examples.inputs, examples.targets);
    there = examples;
    return examples;
  };
  return {
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
}

/** The examples of these numbers. Only the numbers go to the device. */
function gathered({ inputs, targets }: Examples, indices: Int32Array): Batch {
  const at = tensor(indices, [indices.length]);
  return { inputs: inputs.gather(at), targets: targets.gather(at), count: indices.length };
}
