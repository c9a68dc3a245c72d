import type { callbacks, Training } from 'wgrad';
import { device } from 'wgrad';
import type { Emit } from './emit.ts';

/** Often enough to look live; each time waits for the device. */
const EVERY_MS = 120;

/** Tells the page of the steps since it was last told: what they were on average, and how fast. */
export class ProgressReporter {
  readonly #emit: Emit;
  /** Steps and epochs before this training began. */
  readonly #before: { readonly steps: number; readonly epochs: number };
  #seen = { images: 0, loss: 0, hits: 0 };
  #since = performance.now();

  constructor(emit: Emit, before: { steps: number; epochs: number }) {
    this.#emit = emit;
    this.#before = before;
  }

  get isDue(): boolean {
    return performance.now() - this.#since > EVERY_MS;
  }

  beginEpoch(): void {
    this.#seen = { images: 0, loss: 0, hits: 0 };
  }

  /** Time spent waiting for the visitor is not the device's. */
  resume(): void {
    this.#since = performance.now();
  }

  async report({ means, epoch, epochs, totalSteps }: Training): Promise<void> {
    const { loss = Number.NaN, accuracy = Number.NaN } = await means.read();
    const images = means.examples;
    const sums = { images, loss: loss * images, hits: accuracy * images };
    const count = images - this.#seen.images;
    const now = performance.now();
    this.#emit('progress', {
      step: this.#before.steps + totalSteps,
      epoch: this.#before.epochs + epoch + 1,
      epochs: this.#before.epochs + epochs,
      loss: (sums.loss - this.#seen.loss) / count,
      accuracy: (sums.hits - this.#seen.hits) / count,
      imagesPerSecond: (1000 * count) / (now - this.#since),
      deviceBytes: (await device()).counters.bytes,
    });
    this.#seen = sums;
    this.#since = now;
  }

  endEpoch(
    { totalSteps }: Training,
    { epoch, valLoss = Number.NaN, valAccuracy = Number.NaN }: Logs,
  ) {
    this.#emit('epoch', {
      epoch: this.#before.epochs + epoch,
      step: this.#before.steps + totalSteps,
      testLoss: valLoss,
      testAccuracy: valAccuracy,
    });
  }
}

type Logs = Parameters<NonNullable<callbacks.Callback['onEpochEnd']>>[1];
