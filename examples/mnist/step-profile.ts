import { type AnyTensor, compile, type data, losses, type nn, type optim, profile } from 'wgrad';

/**
 * Prints which kernels a training step spends its time in, by steps on the first batch.
 * @param trace a file for a trace, or true for none
 */
export async function printProfile(
  model: nn.Layer,
  optimizer: optim.Optimizer,
  batches: data.BatchedDataset,
  trace: string | true,
): Promise<void> {
  // As `fit` takes its steps.
  const step = compile((inputs: AnyTensor, targets: AnyTensor): void => {
    const loss = losses.crossEntropy(model.forward(inputs, { training: true }), targets);
    optimizer.step(loss);
  });
  for await (const { inputs, targets, count } of batches.epoch(0)) {
    const options = trace === true ? {} : { trace };
    const table = await profile(() => step(inputs, targets), options);
    console.log(`\nA training step on ${count} images:\n\n${table}`);
    if (trace !== true) console.log(`Trace:  ${trace}, for https://ui.perfetto.dev`);
    return;
  }
}
