import type { World } from '../../distributed/world.ts';
import * as random from '../../tensor/random/index.ts';
import { VERSION } from '../../version.ts';
import type { FitOptions } from '../fit-options.ts';
import type { Training } from '../training.ts';
import { setupOf } from '../training-position.ts';
import { requireAgreement, shared } from './agreement.ts';

/**
 * Has all ranks begin the same training: they must agree on it, and take the weights and the state of the
 * random numbers of rank 0.
 * @throws DistributedError, on every rank, where they do not agree
 */
export async function startTogether(
  world: World,
  training: Training,
  { precision = 'f32', resume }: FitOptions,
  validation: number | undefined,
): Promise<void> {
  const { model, optimizer, epochs } = training;
  const weights = [...model.namedVariables()].map(
    ([name, { dtype, shape, trainable }]) =>
      `${name} ${dtype}[${shape}]${trainable ? '' : ', not trained'}`,
  );
  await requireAgreement(world, {
    'the version of wgrad': VERSION,
    ...setupOf(training),
    epochs,
    validation,
    precision,
    'whether to resume': resume !== undefined,
    'the settings of the optimizer': optimizer.settings,
    'the steps of the optimizer': optimizer.steps,
    ...Object.fromEntries(weights.map((weight, i) => [`weight ${i + 1} of the model`, weight])),
  });
  await world.broadcast(model.variables);
  random.setState(JSON.parse(await shared(world, JSON.stringify(random.state()))));
}

/** Why training is over, where it is on any rank: the reason of the first that says so, for all of them. */
export async function settleTogether(world: World, training: Training): Promise<void> {
  const { isOver, stopped } = training;
  const first = Int32Array.of(isOver ? world.rank : world.size);
  await world.allReduce(first, 'min');
  const [from = world.size] = first;
  if (from === world.size) return;
  const reason = JSON.parse(await shared(world, JSON.stringify(stopped ?? null), from));
  training.stopped = reason ?? undefined;
  training.isOver = true;
}
