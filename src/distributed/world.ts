import { inWords, requireChoice, requireWhole } from '../arguments.ts';
import { ArgumentError, DistributedError, DTypeError } from '../errors.ts';
import type { Cell } from '../graph/cell.ts';
import { editCells } from '../graph/execution/edit-cells.ts';
import { recording } from '../graph/execution/recording.ts';
import type { Connection, Numbers, Reduction, Underway } from './connection.ts';
import { type Accumulated, GradientSums } from './gradient-sums.ts';

/** What lies in a cell: a variable. */
interface Held {
  readonly cell: Cell;
}

const REDUCTIONS = ['sum', 'mean', 'max', 'min'] as const;
/** The kinds of numbers that connections know the sizes of. */
const NUMBERS = [Float32Array, Float64Array, Int32Array, Uint8Array] as const;

/**
 * All ranks of a program, and this one among them. Its calls are made by every rank, in the same order and
 * on as many numbers; each waits until all others have made it.
 */
export class World {
  private readonly connection: Connection;
  private readonly sums = new WeakMap<object, GradientSums>();
  private spent = 0;
  private isFinal = false;
  private isBroken = false;

  /** Comes from `mpi()`, not from here. */
  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Which of the ranks this is, from 0. */
  get rank(): number {
    return this.connection.rank;
  }

  /** How many ranks there are. */
  get size(): number {
    return this.connection.size;
  }

  /** Seconds spent in calls so far, waiting for the other ranks included. */
  get seconds(): number {
    return this.spent;
  }

  /**
   * Gives all ranks what one of them holds: numbers, in place, or variables, such as `model.variables`.
   * @throws ArgumentError where `from` is no rank.
   */
  async broadcast(values: Numbers | readonly Held[], from = 0): Promise<void> {
    requireValues('broadcast', values);
    requireWhole('broadcast', { from }, { from: 0, below: this.size });
    await this.onAll(values, (own) => this.connection.broadcast(bytesOf(own), from));
  }

  /**
   * Replaces numbers, or the values of variables, by what all ranks' come to, element by element: in
   * place, on the CPU device in the very memory the variables lie in.
   * @throws DTypeError where a variable is not f32, or the mean is asked of whole numbers.
   */
  async allReduce(
    values: Numbers | readonly Held[],
    how: Reduction | 'mean' = 'sum',
  ): Promise<void> {
    requireValues('allReduce', values);
    requireChoice('allReduce', { how }, REDUCTIONS);
    if (!ArrayBuffer.isView(values)) requireFloats(values);
    else if (how === 'mean' && (values instanceof Int32Array || values instanceof Uint8Array)) {
      throw new DTypeError(
        `allReduce: the mean of whole numbers is cut off in ${inWords(values)}. Take their sum, or give it a Float64Array.`,
      );
    }
    await this.onAll(values, async (own) => {
      await this.connection.allReduce(own, how === 'mean' ? 'sum' : how);
      if (how === 'mean')
        for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) / this.size;
    });
  }

  /**
   * The sums over all ranks of what is accumulated there, the same ones each time.
   * @internal
   */
  gradientSums(of: Accumulated): GradientSums {
    const sums = this.sums.get(of) ?? new GradientSums(this, of);
    this.sums.set(of, sums);
    return sums;
  }

  /**
   * @throws ArgumentError in a compiled function, which waits for nothing: ranks wait for each other.
   * @internal
   */
  refuseWaiting(): void {
    if (!recording()) return;
    throw new ArgumentError(
      'compile: a step with a world waits for other ranks. Compile what accumulates the loss, and a function ' +
        'that steps, and await optimizer.average(world) in between.',
    );
  }

  /**
   * Begins to sum numbers over all ranks, in place: it goes on while it is asked whether it is done.
   * @internal
   */
  beginSum(values: Float32Array): Underway {
    this.requireRanks();
    const sum = this.timed(() => this.connection.sum(values));
    return {
      isDone: () => this.timed(() => sum.isDone()),
      wait: () => this.timedLater(() => sum.wait()),
    };
  }

  /**
   * Notes that this rank has failed between calls that the others have made: what they wait for is not known.
   * @internal
   */
  breakOff(): void {
    this.isBroken = true;
  }

  /** Waits until all ranks have come here. */
  async barrier(): Promise<void> {
    await this.allReduce(new Int32Array(1));
  }

  /**
   * Waits for all ranks, and takes leave of them: no call comes after it, and each may end with an exit code
   * of its own, which would end the others before. Needed only where a code other than 0 means no failure,
   * as after Ctrl-C.
   */
  async finalize(): Promise<void> {
    await this.barrier();
    this.isFinal = true;
    this.connection.finalize();
  }

  /**
   * Ends all ranks, with what went wrong on this one as the program's last word. Where there is but one
   * it throws that.
   */
  abort(reason: unknown): never {
    if (this.isFinal) throw reason;
    return this.connection.abort(reason);
  }

  private async onAll(
    values: Numbers | readonly Held[],
    work: (values: Numbers) => Promise<void>,
  ): Promise<void> {
    this.requireRanks();
    if (this.size === 1) return;
    const timed = (own: Numbers) => this.timedLater(() => work(own));
    if (ArrayBuffer.isView(values)) return timed(values);
    const cells = values.map(({ cell }) => cell);
    await editCells(cells, (bytes, { dtype }) =>
      timed(
        dtype === 'f32'
          ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
          : bytes,
      ),
    );
  }

  private timed<T>(work: () => T): T {
    const start = performance.now();
    const result = work();
    this.spent += (performance.now() - start) / 1000;
    return result;
  }

  private async timedLater(work: () => Promise<void>): Promise<void> {
    const start = performance.now();
    await work();
    this.spent += (performance.now() - start) / 1000;
  }

  /** @throws DistributedError where this rank has taken leave of the others, or cannot know what they do */
  private requireRanks(): void {
    if (this.isFinal) {
      throw new DistributedError(
        'A rank that has called finalize has no others. Call it last of all.',
      );
    }
    if (this.isBroken) {
      throw new DistributedError(
        'A step of this rank has failed while its gradients were being summed up, which cannot be done again: the ' +
          'others have gone on. End the program, and start it again from a checkpoint.',
      );
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function requireFloats(values: readonly Held[]): void {
  const other = values.find(({ cell }) => cell.dtype !== 'f32');
  if (!other) return;
  const { name, dtype } = other.cell;
  throw new DTypeError(`allReduce: variable '${name}' is ${dtype}; only f32 has sums and means.`);
}

/** @throws ArgumentError where they are neither numbers nor variables */
function requireValues(caller: string, values: unknown): void {
  if (NUMBERS.some((kind) => values instanceof kind)) return;
  if (Array.isArray(values) && values.every((one) => 'cell' in Object(one))) return;
  throw new ArgumentError(
    `${caller}: takes a Float32Array, Float64Array, Int32Array or Uint8Array, or variables in an array; got ${inWords(values)}.`,
  );
}
