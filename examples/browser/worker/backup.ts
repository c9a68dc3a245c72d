import { io, type nn } from 'wgrad';

/** What is lost at most where a device is. */
const EVERY_MS = 2000;

export type HostWeights = Awaited<ReturnType<typeof io.weightsOf>>;

/** A copy of a model's weights on the host, for when the device is lost. */
export class Backup {
  readonly #model: nn.Layer;
  #weights: HostWeights | undefined;
  #at = performance.now();

  constructor(model: nn.Layer) {
    this.#model = model;
  }

  /** Undefined as long as there is none. */
  get weights(): HostWeights | undefined {
    return this.#weights;
  }

  async keep(): Promise<void> {
    this.#weights = await io.weightsOf(this.#model);
    this.#at = performance.now();
  }

  async keepIfDue(): Promise<void> {
    if (performance.now() - this.#at > EVERY_MS) await this.keep();
  }
}
