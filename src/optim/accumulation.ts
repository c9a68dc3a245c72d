import type { Underway } from '../distributed/connection.ts';
import type { World } from '../distributed/world.ts';
import { ArgumentError } from '../errors.ts';
import type { Cell } from '../graph/cell.ts';
import type { Effect } from '../graph/execution/capture.ts';
import { editCells } from '../graph/execution/edit-cells.ts';
import type { Recording } from '../graph/execution/recording.ts';
import { Node, type Scalars } from '../graph/node.ts';
import source from '../kernels/wgsl/optimizers/update/accumulate.wgsl';
import { stopGradient } from '../tensor/ops/stop-gradient.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Bucket, inOrder } from './buckets.ts';
import type { FlatPart } from './flat-weights.ts';
import { updateOperation } from './update-operation.ts';

const operation = updateOperation({ kind: 'accumulate', source, moments: [] });

/** The sums of gradients between two steps, in flat buffers laid out as the weights are. */
export class Accumulation {
  /** How many losses have been accumulated since the last step. */
  losses = 0;
  /** What the sums are multiplied by for the step: one by the number of ranks that they are the sums of. */
  scale = 1;
  /** The ranks of which the sums are to be the mean before anything else is done with them. */
  awaited: World | undefined;
  /** What recorded when the last one was: a step recorded behind it finds sums at each replay. */
  recorder: Recording | undefined;
  /** Where the sums are that have been begun. */
  private begun: readonly Cell[] = [];
  /** The sums over all ranks that have begun beside the backward pass. */
  private readonly underway = new Map<Cell, Underway>();

  /**
   * The addition of flat gradients to the sums. For several ranks each bucket is an effect by itself, and its sum
   * over them begins where it is there.
   * @throws as `with` does
   */
  adding(
    parts: readonly FlatPart[],
    packs: (of: readonly Pick<Bucket, 'variables'>[]) => readonly Node[],
    scalars: Scalars,
    world?: World,
  ): Effect[] {
    this.requireOwn();
    this.requireBegun(parts);
    this.begun = parts.map(({ sums }) => sums);
    const own = world ? inOrder(parts) : parts;
    const gradients = packs(own);
    const written = parts.map(({ sums }) => sums);
    return own.map(({ sums }, i) => {
      const inputs = [sums.read(), gradients[i] as Node];
      const type = { shape: [0], dtype: 'f32' } as const;
      const node = new Node(operation, inputs, type, {}, scalars);
      if (!world) return { node, writes: [sums] };
      const begin = (bytes: Uint8Array) => {
        const floats = new Float32Array(bytes.buffer, bytes.byteOffset, sums.size);
        const sum = world.beginSum(floats);
        this.underway.set(sums, sum);
        return () => sum.isDone();
      };
      return { node, writes: written, early: { cell: sums, begin } };
    });
  }

  /** The numbers of the next addition: after a step the sums begin anew. */
  get scalars(): Scalars {
    return { going: Number(this.losses > 0), clipValue: 0 };
  }

  /**
   * The flat gradients of a step: the sums, if there are any, plus what is given.
   * @throws ArgumentError where something has been frozen or thawed since the sums were begun, or there
   *   are gradients beside the mean of all ranks
   */
  with(parts: readonly FlatPart[], gradients: readonly Node[] | undefined): readonly Node[] {
    if (this.losses === 0 && gradients) return gradients;
    this.requireAveraged();
    if (gradients) this.requireOwn();
    this.requireBegun(parts);
    return parts.map(({ sums }, i) => {
      const sum = new Tensor(sums.read());
      const gradient = gradients?.[i];
      if (gradient) return sum.add(new Tensor(gradient)).node;
      // A copy: small cells share a buffer with the weights, and no dispatch may both read and write one.
      return (this.scale === 1 ? stopGradient(sum) : sum.mul(this.scale)).node;
    });
  }

  /** Makes the sums those of all ranks, and the step their mean. @throws as `Optimizer.average` does */
  async average(world: World, parts: readonly FlatPart[]): Promise<void> {
    if (this.losses === 0) {
      throw new ArgumentError('average: there are no gradients: call accumulate(loss) first.');
    }
    this.requireUnscaled();
    const { underway } = this;
    const begun = [...underway.keys()];
    await this.orDrop(async () => {
      if (begun.length > 0) await editCells(begun, async (_, cell) => underway.get(cell)?.wait());
      this.requireBegun(parts);
      if (begun.length > 0) return;
      // Where sums do not begin early, as with a GPU, they are the same ones in the same order.
      await world.allReduce(inOrder(parts).map(({ sums }) => ({ cell: sums })));
    });
    underway.clear();
    this.awaited = undefined;
    this.scale = 1 / world.size;
  }

  /** Whether nothing but what this rank has accumulated is in the sums. */
  get isOwn(): boolean {
    return this.scale === 1 && !this.awaited;
  }

  /** Counts an addition, whose sums are those of `ranks` next. */
  count(ranks: World | undefined): void {
    this.losses++;
    this.awaited = ranks;
  }

  /** Takes back an addition that has failed. */
  undo(): void {
    this.losses--;
    if (this.underway.size > 0) this.awaited?.breakOff();
    this.awaited = undefined;
    this.underway.clear();
  }

  /** Forgets the sums: the next addition begins anew. */
  drop(): void {
    this.losses = 0;
    this.scale = 1;
    this.awaited = undefined;
    this.underway.clear();
  }

  /** Work that leaves sums of no use where it fails, as some may be those of all ranks by then. */
  async orDrop(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** @throws ArgumentError where the sums are those of all ranks, to which no rank can add its own */
  requireOwn(): void {
    this.requireAveraged();
    this.requireUnscaled();
  }

  private requireUnscaled(): void {
    if (this.scale === 1) return;
    throw new ArgumentError(
      'The gradients that were accumulated are the mean of all ranks already. Call step() before more are added.',
    );
  }

  /** @throws ArgumentError where the sums are to become those of all ranks, and may be on their way */
  requireAveraged(): void {
    if (!this.awaited) return;
    throw new ArgumentError(
      'What was accumulated with a world is being summed over its ranks. Await average(world) first.',
    );
  }

  /** @throws ArgumentError where something has been frozen or thawed since the sums were begun */
  requireBegun(parts: readonly FlatPart[]): void {
    const { begun } = this;
    const isSame = parts.length === begun.length && parts.every(({ sums }, i) => sums === begun[i]);
    if (this.losses === 0 || isSame) return;
    throw new ArgumentError(
      'Variables have been frozen, or are trained again, since gradients were accumulated. Call step() before that.',
    );
  }
}
