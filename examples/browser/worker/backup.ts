import { io, type nn, type optim, type Tensor, tensor } from 'wgrad';

/** What is lost at most where a device is. */
const EVERY_MS = 2000;

/** What a training goes on from. */
interface Kept {
  readonly weights: Awaited<ReturnType<typeof io.weightsOf>>;
  /** The optimizer's, in its order; of values that are on the host. */
  readonly moments: readonly Tensor[];
  readonly steps: number;
}

interface Trained {
  readonly model: nn.Layer;
  readonly optimizer: optim.Optimizer;
}

/** A copy on the host of a model's weights and its optimizer's moments, for when the device is lost. */
export class Backup {
  readonly #trained: Trained;
  #kept: Kept | undefined;
  #at = performance.now();

  constructor(trained: Trained) {
    this.#trained = trained;
  }

  async keep(): Promise<void> {
    const { model, optimizer } = this.#trained;
    const { steps } = optimizer;
    const moments = optimizer.moments().map(({ value }) => onHost(value.cast('f32')));
    const [weights, ...copies] = await Promise.all([io.weightsOf(model), ...moments]);
    this.#kept = { weights, moments: copies, steps };
    this.#at = performance.now();
  }

  async keepIfDue(): Promise<void> {
    if (performance.now() - this.#at > EVERY_MS) await this.keep();
  }

  /** Goes on from what another has kept, of the same model and optimizer; from the first weights where it has nothing. */
  async takeOver(former: Backup): Promise<void> {
    const kept = former.#kept;
    if (!kept) return;
    const { model, optimizer } = this.#trained;
    await io.setWeights(model, kept.weights);
    optimizer.setMoments(
      optimizer
        .moments()
        .map((moment, i) => ({ ...moment, value: kept.moments[i] ?? moment.value })),
    );
    optimizer.steps = kept.steps;
    this.#kept = kept;
  }
}

async function onHost(value: Tensor): Promise<Tensor> {
  return tensor(await value.data(), value.shape);
}
