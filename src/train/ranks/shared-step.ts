import type { Batch } from '../../data/pipeline/batch.ts';
import type { World } from '../../distributed/world.ts';
import type { Precision } from '../../nn/precision.ts';
import { compile } from '../../tensor/compile.ts';
import { tensor, zeros } from '../../tensor/ops/creation.ts';
import { stack } from '../../tensor/ops/joining.ts';
import { slice } from '../../tensor/ops/views.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensors } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../../tensor/variable.ts';
import type { Scoring, Share, Verdict } from '../scoring.ts';
import type { StepGradients, Training } from '../training.ts';

type AnyBatch = Batch<Tensors, Tensors>;

/** How a step is computed. */
interface Setting {
  readonly world: World;
  readonly scoring: Scoring;
  readonly compiles: boolean;
  readonly precision: Precision;
  /** Gradients, in the order of the optimizer's variables, as callbacks are given them. */
  readonly named: (gradients: readonly AnyTensor[]) => StepGradients;
}

/** What a step of all ranks has come to. */
interface Taken {
  /** Of the whole batch. */
  readonly loss: AnyTensor;
  /** Of the whole batch, too; undefined where nobody wanted them. */
  readonly gradients: StepGradients | undefined;
}

/**
 * A step that all ranks take together, each on its part of the batch: they compute gradients, metrics and
 * running statistics of their own, make those the whole batch's by MPI, and update alike. After it all
 * ranks hold the same.
 */
export function sharedStep(
  { model, optimizer, means }: Training,
  { world, scoring, compiles, precision, named }: Setting,
): (batch: AnyBatch, wantsGradients: boolean) => Promise<Taken> {
  const { size: ranks } = world;
  const { names } = means;
  /** The loss and the sums of the metrics, [1 + names]: this rank's, then those of all. */
  const tally = new Variable<Shape>(zeros([1 + names.length]), {
    name: 'tally',
    trainable: false,
  });
  /** What the forward pass assigns, as batch norms their running statistics, is the mean of the ranks'. */
  let statistics: readonly AnyVariable[] = [];

  const computePart = (batch: AnyBatch, wholeCounts: Share['counts']) => {
    const outputs = model.forward(batch.inputs, { training: true, precision, part: batch.part });
    const share = { ranks, counts: wholeCounts };
    const { loss, sums, counts } = scoring.judge(outputs, batch, model.penalty(), share);
    statistics = model.variables.filter(({ cell, dtype }) => cell.pending && dtype === 'f32');
    tally.assign(stack([loss.div(ranks), ...sums]));
    return { counts, done: optimizer.accumulate(loss, { world }) };
  };
  const takeStep = (counts: Verdict['counts'], gradients?: StepGradients) => {
    const at = (i: number) => slice(tally.value, [i], [i + 1]).reshape([]);
    means.add(
      names.map((_, i) => at(i + 1)),
      counts,
    );
    const loss = at(0);
    return {
      loss,
      done: optimizer.step(undefined, { alongside: [loss, ...(gradients?.values() ?? [])] }),
    };
  };
  const compiledPart = compile((...given: Parameters<typeof computePart>) => {
    return computePart(...given).counts;
  });
  const compiledStep = compile((counts: Verdict['counts']) => takeStep(counts).loss);

  return async (batch, wantsGradients) => {
    const isCompiled = compiles && !wantsGradients;
    const wholeCounts = await countedOnAll(world, scoring.masked(batch));
    const part = isCompiled ? undefined : computePart(batch, wholeCounts);
    const counts = part?.counts ?? (await compiledPart(batch, wholeCounts));
    await part?.done;
    await optimizer.average(world);
    await world.allReduce([tally]);
    await world.allReduce(statistics, 'mean');
    if (isCompiled) return { loss: await compiledStep(counts), gradients: undefined };
    const gradients = wantsGradients ? named(optimizer.gradients()) : undefined;
    const { loss, done } = takeStep(counts, gradients);
    await done;
    return { loss, gradients };
  };
}

/** The sums of scalars over all ranks, where there are any. */
async function countedOnAll(world: World, counts: Share['counts']): Promise<Share['counts']> {
  if (counts.every((count) => !count)) return counts;
  const values = await Promise.all(counts.map(async (count) => (await count?.item()) ?? 0));
  const sums = Float64Array.from(values);
  await world.allReduce(sums);
  return counts.map((count, i) => count && tensor(sums[i] ?? 0));
}
