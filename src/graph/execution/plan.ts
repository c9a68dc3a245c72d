import type {
  BufferSlice,
  Copy,
  DeviceBuffer,
  Dispatch,
  EarlyUse,
  Recording,
} from '../../device/device.ts';
import { WgradError } from '../../errors.ts';
import type { Work } from '../../kernels/dispatch-facts.ts';
import { bitsOf, type DType } from '../../kernels/dtype.ts';
import { type Node, type Scalars, scalarOf } from '../node.ts';
import { type Schedule, schedule } from '../schedule/schedule.ts';
import type { Step } from '../schedule/step.ts';
import { sliceAt } from '../storage.ts';
import { memoryOf } from '../view.ts';
import {
  type Capture,
  type CapturedGraph,
  copyOfGraph,
  type Effect,
  type Source,
} from './capture.ts';
import { LeafSlot, type PlanRuntime } from './leaf-slot.ts';
import { loadNeeded } from './needed.ts';
import { layOut, requireBindable, type ScratchPlace } from './scratch-layout.ts';

/** A schedule, with what was a leaf and a result when the graph was captured. */
interface Recipe extends Schedule {
  readonly order: readonly Node[];
  readonly leaves: ReadonlySet<Node>;
  readonly results: readonly Node[];
  /** The effects by number; undefined for those that nobody uses early. */
  readonly early: readonly (Node | undefined)[];
}

/** Where an operand of a dispatch lies: in scratch, or with a leaf. */
type Place = ScratchPlace | { readonly leaf: number };

/** A dispatch without its memory. */
interface Unbound extends Omit<Dispatch, 'bindings'> {
  readonly places: readonly Place[];
  /** The shapes of the tensors that lie there, for profiles. */
  readonly shapes: readonly (readonly number[] | undefined)[];
}

/** A scalar of a node that a dispatch reads, with the value it was last given. */
interface ScalarSlot {
  readonly node: number;
  readonly name: string;
  readonly dtype: DType;
  readonly dispatch: number;
  readonly word: number;
  last: number;
}

/** What differs between two runs: by the numbers of the nodes, where leaves are, and scalars; by those of effects, early uses. */
export interface PlanValues {
  readonly sources: readonly (Source | undefined)[];
  readonly scalars: readonly Scalars[];
  readonly effects: readonly Pick<Effect, 'early'>[];
}

/**
 * The schedule of one graph structure on one device: kernels, places and bind groups, made once.
 * Running it again takes what changed, leaves and scalars.
 */
export class Plan {
  /** How many runs of it are queued. */
  awaited = 0;
  private readonly runtime: PlanRuntime;
  /** What to prepare. Let go of afterwards: nodes hold on to tensors, and plans live long. */
  private recipe: Recipe | undefined;
  /** What a schedule has to wait for, with the graph once more: nodes are others by then. */
  private waiting: { until(): Promise<unknown> | undefined; graph: CapturedGraph } | undefined;
  private dispatches: readonly Unbound[] = [];
  private leaves: LeafSlot[] = [];
  private scalars: ScalarSlot[] = [];
  private results: readonly ScratchPlace[] = [];
  /** For each effect that is used early, the dispatch behind which it is. */
  private early: readonly (number | undefined)[] = [];
  /** The sizes of the scratch buffers that a run takes, largest first. */
  private scratchSizes: readonly number[] = [];
  /** The bytes that a run works on. */
  private workBytes = 0;
  /** The buffers that the recording is bound to. */
  private scratch: readonly DeviceBuffer[] = [];
  private recording: Recording | undefined;
  /** Why it was dropped, for those who queued up to use it. */
  private failure: unknown;

  /** Schedules the graph; nothing is compiled before {@link prepare}. */
  constructor(runtime: PlanRuntime, graph: Capture) {
    this.runtime = runtime;
    const loading = loadNeeded(graph.order, runtime.device.limits);
    loading?.catch(() => {}); // prepare() throws it
    if (loading) this.waiting = { until: () => loading, graph: copyOfGraph(graph) };
    else this.schedule(graph);
  }

  private schedule(graph: CapturedGraph): void {
    const { tuner } = this.runtime;
    this.recipe = this.recipeOf(graph);
    const contests = tuner?.choices.takeMissing();
    if (contests && contests.size > 0)
      this.waiting = { until: () => tuner?.measure(contests), graph: copyOfGraph(graph) };
  }

  private recipeOf({ order, results, effects }: CapturedGraph): Recipe {
    const { device, tuner } = this.runtime;
    const nodesOf = (some: readonly Effect[]) => some.map(({ node }) => node);
    const early = effects.filter((effect) => effect.early);
    const last = effects.filter((effect) => !effect.early);
    return {
      ...schedule(results, nodesOf(last), device.limits, tuner?.choices, nodesOf(early)),
      early: effects.map(({ node, early }) => early && node),
      order,
      leaves: new Set(order.filter(({ leaf }) => leaf)),
      results: results.map(memoryOf),
    };
  }

  /**
   * Waits for what is loaded on demand, measures what is not known yet of its problems, compiles
   * and lays out the memory, which is taken when the plan runs.
   */
  async prepare(): Promise<void> {
    while (this.waiting) {
      const { until, graph } = this.waiting;
      await until();
      this.waiting = undefined;
      this.schedule(graph);
    }
    const { recipe } = this;
    if (!recipe) return;
    const { steps } = recipe;
    const { device } = this.runtime;
    const kernels = await device.compile(steps.map(({ program }) => program));
    const number = new Map(recipe.order.map((node, i) => [node, i]));
    const { buffers, placeOf, temporaryOf } = layOut(recipe, device);
    this.scratchSizes = buffers;
    const leafOf = new Map<Node, number>();
    this.leaves = [];
    this.scalars = [];
    this.dispatches = steps.map((step, i): Unbound => {
      const places = step.operands.map((operand): Place => {
        if ('temporary' in operand) return temporaryOf(step.node, operand.temporary);
        if (!recipe.leaves.has(operand)) return placeOf(operand);
        let leaf = leafOf.get(operand);
        if (leaf === undefined) {
          requireBindable(operand, 'An input', device);
          leaf = this.leaves.push(new LeafSlot(number.get(operand) as number, operand)) - 1;
          leafOf.set(operand, leaf);
        }
        (this.leaves[leaf] as LeafSlot).dispatches.add(i);
        return { leaf };
      });
      const kernel = kernels[i] as Dispatch['kernel'];
      const params = this.params(step, i, number);
      const shapes = step.operands.map((one) => ('temporary' in one ? undefined : one.shape));
      return { kernel, params, workgroups: step.workgroups, places, shapes };
    });
    this.results = recipe.results.map(placeOf);
    this.early = recipe.early.map(
      (effect) => effect && steps.findLastIndex(({ node }) => node === effect),
    );
    this.workBytes = total(this.scratchSizes) + total(this.results.map(({ bytes }) => bytes));
    this.recipe = undefined;
  }

  /**
   * Runs the plan on leaves and scalars; `targets` are where the results go.
   * @throws OutOfMemoryError where the device has not got what it takes; it may be run again then.
   */
  async run(values: PlanValues, targets: () => readonly BufferSlice[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const { device, memory } = this.runtime;
    const scratch = memory.scratch.buffers(this.scratchSizes);
    const slices = this.leaves.map((leaf) =>
      leaf.slice(values.sources[leaf.node] as Source, this.runtime),
    );
    const into = targets();
    const pending = device.allocated();
    if (pending) await pending;
    const recording = this.bind(values, scratch, slices);
    for (const slot of this.scalars) {
      const value = scalarOf(values.scalars[slot.node] as Scalars, slot.name);
      if (Object.is(value, slot.last)) continue;
      slot.last = value;
      recording.setParam(slot.dispatch, slot.word, bitsOf(value, slot.dtype));
    }
    const copies = into.map((to, i): Copy => {
      const from = this.scratchSlice(this.results[i] as ScratchPlace);
      return { from, to, bytes: Math.min(from.bytes, to.bytes) };
    });
    const { profiler } = this.runtime;
    if (profiler) await profiler.submit(recording, copies, () => this.work());
    else await device.submit(recording, copies, this.earlyUses(values));
    memory.noteRun(this.workBytes);
  }

  private earlyUses({ effects }: PlanValues): EarlyUse[] {
    const { pool } = this.runtime.memory;
    return effects.flatMap(({ early: use }, i) => {
      const dispatch = this.early[i];
      if (!use || dispatch === undefined) return [];
      return [{ dispatch, slice: sliceAt(use.cell.location, pool), begin: use.begin }];
    });
  }

  /** Whether it was dropped, and runs no more. */
  get isDropped(): boolean {
    return this.failure !== undefined;
  }

  /** Gives back the memory for host data; the next run takes some again. */
  giveUploadsBack(): void {
    for (const leaf of this.leaves) leaf.giveBack(this.runtime);
  }

  /** Gives the plan's own memory back; its scratch is shared and stays. */
  destroy(reason: unknown = new WgradError('A plan was used after it had been dropped.')): void {
    this.recording?.destroy();
    this.recording = undefined;
    this.failure = reason;
    this.giveUploadsBack();
  }

  /** The recording, bound to what has been taken for this run, with the host data in it. */
  private bind(
    values: PlanValues,
    scratch: readonly DeviceBuffer[],
    slices: readonly BufferSlice[],
  ): Recording {
    const moved = new Set<number>();
    this.leaves.forEach((leaf, i) => {
      leaf.write(values.sources[leaf.node] as Source, this.runtime);
      const slice = slices[i] as BufferSlice;
      if (sameSlice(slice, leaf.bound)) return;
      leaf.bound = slice;
      for (const dispatch of leaf.dispatches) moved.add(dispatch);
    });
    if (scratch !== this.scratch)
      this.dispatches.forEach((_, i) => {
        moved.add(i);
      });
    this.scratch = scratch;
    const { recording } = this;
    if (!recording) {
      const bound = this.dispatches.map(({ places, ...dispatch }) => ({
        ...dispatch,
        bindings: this.bindings(places),
      }));
      this.recording = this.runtime.device.record(bound);
      return this.recording;
    }
    for (const i of moved)
      recording.rebind(i, this.bindings((this.dispatches[i] as Unbound).places));
    return recording;
  }

  /** What each dispatch has to do. */
  private work(): Work[] {
    return this.dispatches.map(({ kernel, params, workgroups, places, shapes }) => {
      const bound = this.bindings(places).map(({ buffer, offset, bytes }, i) => ({
        place: `${buffer.id} ${offset}`,
        bytes,
        shape: shapes[i],
      }));
      return { program: kernel.program, bound, params, workgroups };
    });
  }

  private bindings(places: readonly Place[]): BufferSlice[] {
    return places.map((place) =>
      'leaf' in place
        ? ((this.leaves[place.leaf] as LeafSlot).bound as BufferSlice)
        : this.scratchSlice(place),
    );
  }

  private scratchSlice({ buffer, offset, bytes }: ScratchPlace): BufferSlice {
    return { buffer: this.scratch[buffer] as DeviceBuffer, offset, bytes };
  }

  private params(
    { params }: Step,
    dispatch: number,
    number: ReadonlyMap<Node, number>,
  ): Uint32Array {
    const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
    params.forEach((param, word) => {
      if (typeof param === 'number') {
        words[word] = param;
        return;
      }
      const { node, name, dtype } = param;
      const last = scalarOf(node.scalars, name, node.op.name);
      words[word] = bitsOf(last, dtype);
      this.scalars.push({ node: number.get(node) as number, name, dtype, dispatch, word, last });
    });
    return words;
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function sameSlice(a: BufferSlice, b: BufferSlice | undefined): boolean {
  return b !== undefined && a.buffer === b.buffer && a.offset === b.offset && a.bytes === b.bytes;
}
