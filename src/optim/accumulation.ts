import type { GradientSums } from '../distributed/gradient-sums.ts';
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
  /** Where the sums are on their way to be those of all ranks: nothing else is done with them before. */
  awaited: GradientSums | undefined;
  /** What has made the sums those of all ranks, if they are. */
  ofAll: GradientSums | undefined;
  /** What recorded when the last one was: a step recorded behind it finds sums at each replay. */
  recorder: Recording | undefined;
  /** Where the sums are that have been begun. */
  private begun: readonly Cell[] = [];

  /**
   * The addition of flat gradients to the sums. For several ranks each bucket is an effect by itself, and its sum
   * over them begins as soon as it is there.
   * @throws as `with` does
   */
  adding(
    parts: readonly FlatPart[],
    packs: (of: readonly Pick<FlatPart, 'variables'>[]) => readonly Node[],
    scalars: Scalars,
    world?: World,
  ): Effect[] {
    this.requireOwn();
    this.requireBegun(parts);
    this.begun = parts.map(({ sums }) => sums);
    const ofAll = world?.gradientSums(this);
    const own = ofAll?.bucketsOf(parts) ?? parts;
    const gradients = packs(own);
    return own.map(({ sums }, i) => {
      const inputs = [sums.read(), gradients[i] as Node];
      const type = { shape: [0], dtype: 'f32' } as const;
      const node = new Node(operation, inputs, type, {}, scalars);
      return { node, writes: this.begun, early: ofAll?.early(sums) };
    });
  }

  /** What the sums are multiplied by for the step: one by the number of ranks that they are the sums of. */
  get scale(): number {
    return this.ofAll?.share ?? 1;
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
    else this.requireAveraged();
    this.requireBegun(parts);
    return parts.map(({ sums }, i) => {
      const sum = new Tensor(sums.read());
      const gradient = gradients?.[i];
      if (gradient) return sum.add(new Tensor(gradient)).node;
      // A copy: small cells share a buffer with the weights, and no dispatch may both read and write one.
      return (this.scale === 1 ? stopGradient(sum) : sum.mul(this.scale)).node;
    });
  }

  /** Whether nothing but what this rank has accumulated is in the sums. */
  get isOwn(): boolean {
    return this.scale === 1 && !this.awaited;
  }

  /** Counts an addition, whose sums are those of `ranks` next. */
  count(ranks: World | undefined): void {
    this.losses++;
    this.awaited = ranks?.gradientSums(this);
  }

  /** Takes back an addition that has failed. */
  undo(): void {
    this.losses--;
    this.awaited?.breakOff();
    this.awaited = undefined;
  }

  /** Forgets the sums: the next addition begins anew. */
  drop(): void {
    this.losses = 0;
    this.awaited = undefined;
    this.ofAll = undefined;
  }

  /** @throws ArgumentError where the sums are those of all ranks, to which no rank can add its own */
  requireOwn(): void {
    this.requireAveraged();
    this.ofAll?.requireOwn();
  }

  /** @throws ArgumentError where the sums are to become those of all ranks, and may be on their way */
  requireAveraged(): void {
    this.awaited?.refuseUse();
  }

  /** @throws ArgumentError where something has been frozen or thawed since the sums were begun */
  requireBegun(parts: readonly FlatPart[]): void {
    const { begun } = this;
    const isSame = parts.length === begun.length && parts.every(({ sums }, i) => sums === begun[i]);
    if (this.losses === 0 || isSame) return;
    throw new ArgumentError(
      'Variables have been frozen or thawed since gradients were accumulated. Call step() before that.',
    );
  }
}
