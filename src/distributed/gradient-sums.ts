import { ArgumentError } from '../errors.ts';
import type { Cell } from '../graph/cell.ts';
import type { Effect } from '../graph/execution/capture.ts';
import { editCells } from '../graph/execution/edit-cells.ts';
import { type Bucket, inOrder, type Part } from './buckets.ts';
import type { Underway } from './connection.ts';

/** What sums over the ranks: their world. */
interface Summing {
  readonly size: number;
  beginSum(values: Float32Array): Underway;
  allReduce(cells: readonly { readonly cell: Cell }[]): Promise<void>;
  breakOff(): void;
}

/** The sums of one rank's gradients between two steps. */
export interface Accumulated {
  readonly losses: number;
  /** Where they are on their way to be those of all ranks. */
  awaited: GradientSums | undefined;
  /** What has made them those of all ranks, if they are. */
  ofAll: GradientSums | undefined;
  drop(): void;
  /** @throws ArgumentError unless they are sums of these */
  requireBegun(parts: readonly Part[]): void;
}

/** What an optimizer has accumulated, on its way to be the sum over all ranks. */
export class GradientSums {
  private readonly world: Summing;
  private readonly accumulated: Accumulated;
  /** Those that have begun beside the backward pass. */
  private readonly underway = new Map<Cell, Underway>();

  constructor(world: Summing, accumulated: Accumulated) {
    this.world = world;
    this.accumulated = accumulated;
  }

  /** What the sums make the mean of all ranks. */
  get share(): number {
    return 1 / this.world.size;
  }

  bucketsOf(parts: readonly Part[]): Bucket[] {
    return inOrder(parts);
  }

  /** Begins to sum a bucket as soon as it is written. */
  early(cell: Cell): NonNullable<Effect['early']> {
    const begin = (bytes: Uint8Array) => {
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, cell.size);
      const sum = this.world.beginSum(values);
      this.underway.set(cell, sum);
      return () => sum.isDone();
    };
    return { cell, begin };
  }

  /** Makes the sums those of all ranks, and the step their mean. @throws as `Optimizer.average` does */
  async average(parts: readonly Part[]): Promise<void> {
    const { accumulated } = this;
    if (accumulated.losses === 0) {
      throw new ArgumentError('average: there are no gradients: call accumulate(loss) first.');
    }
    this.requireOwn();
    await this.orDrop(() => this.settle(parts));
    accumulated.awaited = undefined;
    accumulated.ofAll = this;
  }

  /** Work that leaves sums of no use where it fails, as some may be those of all ranks by then. */
  async orDrop(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.accumulated.drop();
      throw error;
    }
  }

  /** Waits for what has begun, or sums what has not. */
  private async settle(parts: readonly Part[]): Promise<void> {
    const { underway } = this;
    const begun = [...underway.keys()];
    // Whatever else is wrong, MPI works in that memory.
    try {
      if (begun.length > 0) await editCells(begun, async (_, cell) => underway.get(cell)?.wait());
    } finally {
      underway.clear();
    }
    this.accumulated.requireBegun(parts);
    if (begun.length > 0) return;
    // Where none begins early, as with a GPU, they are the same ones in the same order.
    await this.world.allReduce(inOrder(parts).map(({ sums }) => ({ cell: sums })));
  }

  /** @throws ArgumentError where they are the mean of all ranks, to which no rank can add its own */
  requireOwn(): void {
    if (!this.accumulated.ofAll || this.world.size === 1) return;
    throw new ArgumentError(
      'The gradients that were accumulated are the mean of all ranks already. Call step() before more are added.',
    );
  }

  /** @throws ArgumentError for whoever would use what may be on its way */
  refuseUse(): never {
    throw new ArgumentError(
      'What was accumulated with a world is being summed over its ranks. Await average(world) first.',
    );
  }

  /** The work that they began beside has failed: what the others have begun with them is lost. */
  breakOff(): void {
    if (this.underway.size > 0) this.world.breakOff();
    this.underway.clear();
  }
}
