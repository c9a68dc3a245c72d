import { messageOf } from '../cause.ts';
import { DeviceError } from '../errors.ts';

/**
 * A module that is loaded when something is first to be computed with it: programs begin without it,
 * and a page fetches no kernels that it never runs.
 */
export class OnDemand<M> {
  private readonly bring: () => Promise<M>;
  private module: M | undefined;
  private loading: Promise<void> | undefined;

  constructor(bring: () => Promise<M>) {
    this.bring = bring;
  }

  /** Whether it has been loaded. */
  get isThere(): boolean {
    return this.module !== undefined;
  }

  /** What it exports, once it has been loaded. */
  get(): M {
    if (this.module === undefined) throw new Error('A module was used before it was loaded.');
    return this.module;
  }

  /** Loads it. @throws DeviceError where it cannot be had; the next call tries again. */
  load(): Promise<void> {
    this.loading ??= this.bring()
      .then((module) => {
        this.module = module;
      })
      .catch((cause) => {
        this.loading = undefined;
        throw new DeviceError(`What computes could not be loaded: ${messageOf(cause)}`, { cause });
      });
    return this.loading;
  }
}
