import type { World } from '../distributed/world.ts';
import { ArgumentError } from '../errors.ts';
import type { Cell } from '../graph/cell.ts';
import type { Effect } from '../graph/execution/capture.ts';
import type { Recording } from '../graph/execution/recording.ts';
import { Node, type Scalars } from '../graph/node.ts';
import source from '../kernels/wgsl/optimizers/update/accumulate.wgsl';
import { stopGradient } from '../tensor/ops/stop-gradient.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { FlatPart } from './flat-weights.ts';
import { updateOperation } from './update-operation.ts';

const operation = updateOperation({ kind: 'accumulate', source, moments: [] });

/** The sums of gradients between two steps, in flat buffers laid out as the weights are. */
export class Accumulation {
  /** How many losses have been accumulated since the last step. */
  losses = 0;
  /** What the sums are multiplied by for the step: one by the number of ranks that they are the sums of. */
  scale = 1;
  /** What recorded when the last one was: a step recorded behind it finds sums at each replay. */
  recorder: Recording | undefined;
  /** Where the sums are that have been begun. */
  private begun: readonly Cell[] = [];

  /** The addition of flat gradients to the sums. @throws as `with` does */
  adding(parts: readonly FlatPart[], gradients: readonly Node[], scalars: Scalars): Effect[] {
    this.requireOwn();
    this.requireBegun(parts);
    this.begun = parts.map(({ sums }) => sums);
    return this.begun.map((cell, i) => {
      const inputs = [cell.read(), gradients[i] as Node];
      const type = { shape: [0], dtype: 'f32' } as const;
      return { node: new Node(operation, inputs, type, {}, scalars), writes: [cell] };
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
    this.requireOwn();
    this.requireBegun(parts);
    await this.orDrop(() => world.allReduce(parts.map(({ sums }) => ({ cell: sums }))));
    this.scale = 1 / world.size;
  }

  /** Forgets the sums: the next addition begins anew. */
  drop(): void {
    this.losses = 0;
    this.scale = 1;
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
    if (this.scale === 1) return;
    throw new ArgumentError(
      'The gradients that were accumulated are the mean of all ranks already. Call step() before more are added.',
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
