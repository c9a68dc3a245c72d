import type { BufferPool } from '../device/buffer-pool.ts';
import type { BufferSlice, Copy, Device, Dispatch, Recording } from '../device/device.ts';
import { OutOfMemoryError, WgradError } from '../errors.ts';
import { bitsOf, byteSize, type DType, type HostArray, toDevice } from '../kernels/dtype.ts';
import { assignBuffers, type Lifetime } from './buffer-assignment.ts';
import type { Capture, Source } from './capture.ts';
import { type Node, scalarOf } from './node.ts';
import { type Schedule, schedule } from './schedule.ts';
import { memoryOf, nodesOf, type Step } from './step.ts';
import { sliceAt } from './storage.ts';

/** What a plan needs of the runtime that keeps it. */
interface PlanRuntime {
  readonly device: Device;
  readonly pool: BufferPool;
  /** Buffers of at least these sizes, which are the plan's while it runs. */
  scratch(sizes: readonly number[]): readonly BufferSlice[];
}

/** A schedule, with what was a leaf and a result when the graph was captured. */
interface Recipe extends Schedule {
  readonly leaves: ReadonlySet<Node>;
  readonly results: readonly Node[];
}

/** Where an operand of a dispatch lies: in scratch that is the plan's, or with a leaf. */
type Place = { readonly slice: BufferSlice } | { readonly leaf: number };

/** A scalar of a node that a dispatch reads, with the value it was last given. */
interface ScalarSlot {
  readonly node: number;
  readonly name: string;
  readonly dtype: DType;
  readonly dispatch: number;
  readonly word: number;
  last: number;
}

/** A leaf of the graph: for host data, the plan's own memory for it and what that holds now. */
interface LeafSlot {
  readonly node: number;
  readonly dispatches: Set<number>;
  readonly upload: BufferSlice | undefined;
  uploaded: WeakRef<HostArray> | undefined;
  bound: BufferSlice | undefined;
}

/**
 * The schedule of one graph structure on one device: kernels, memory and bind groups, made once.
 * Running it again takes what changed (leaves, scalars) from the new capture of the graph.
 */
export class Plan {
  private readonly runtime: PlanRuntime;
  /** What to prepare. Let go of afterwards: nodes hold on to tensors, and plans live long. */
  private recipe: Recipe | undefined;
  private readonly dispatches: { readonly places: Place[] }[] = [];
  private readonly leaves: LeafSlot[] = [];
  private readonly scalars: ScalarSlot[] = [];
  private readonly results: BufferSlice[] = [];
  private recording: Recording | undefined;
  /** Why there is no recording any more, for those who queued up to use it. */
  private failure: unknown;

  /** Schedules the graph; nothing is compiled or allocated before {@link prepare}. */
  constructor(runtime: PlanRuntime, graph: Capture) {
    this.runtime = runtime;
    const effects = graph.effects.map(({ node }) => node);
    this.recipe = {
      ...schedule(graph.results, effects, runtime.device.limits),
      leaves: new Set(graph.order.filter(({ leaf }) => leaf)),
      results: graph.results.map(memoryOf),
    };
  }

  /** Compiles the kernels and lays out the memory. */
  async prepare(graph: Capture): Promise<void> {
    const { device, pool } = this.runtime;
    const recipe = this.recipe as Recipe;
    this.recipe = undefined;
    const { steps } = recipe;
    const kernels = await device.compile(steps.map(({ program }) => program));
    const number = new Map(graph.order.map((node, i) => [node, i]));
    const { placeOf, temporaryOf } = this.layOut(recipe);
    const leafOf = new Map<Node, number>();
    const dispatches = steps.map((step, i): Dispatch => {
      const places = step.operands.map((operand): Place => {
        if ('temporary' in operand) return { slice: temporaryOf(step.node, operand.temporary) };
        if (!recipe.leaves.has(operand)) return { slice: placeOf(operand) };
        let leaf = leafOf.get(operand);
        if (leaf === undefined) {
          this.checkSize(operand, 'An input');
          const at = number.get(operand) as number;
          const isHost = 'data' in (graph.sources[at] as Source);
          const label = `input ${operand.dtype}[${operand.shape}]`;
          const upload = isHost ? pool.acquire(bytesOf(operand), label) : undefined;
          leaf = this.leaves.push(newLeaf(at, upload)) - 1;
          leafOf.set(operand, leaf);
        }
        (this.leaves[leaf] as LeafSlot).dispatches.add(i);
        return { leaf };
      });
      this.dispatches.push({ places });
      const params = this.params(step, i, number);
      return {
        kernel: kernels[i] as Dispatch['kernel'],
        bindings: [],
        params,
        workgroups: step.workgroups,
      };
    });
    for (const result of recipe.results) this.results.push(placeOf(result));
    for (const leaf of this.leaves) leaf.bound = this.leafSlice(leaf, graph);
    const bound = dispatches.map((dispatch, i) => ({ ...dispatch, bindings: this.bindings(i) }));
    this.recording = device.record(bound);
  }

  /** Runs the plan on the leaves and scalars of `graph`; `targets` get the results. */
  async run(graph: Capture, targets: readonly BufferSlice[]): Promise<void> {
    const { device } = this.runtime;
    const { recording } = this;
    if (!recording) throw this.failure;
    this.bindLeaves(graph, recording);
    for (const slot of this.scalars) {
      const value = scalarOf(graph.order[slot.node] as Node, slot.name);
      if (Object.is(value, slot.last)) continue;
      slot.last = value;
      recording.setParam(slot.dispatch, slot.word, bitsOf(value, slot.dtype));
    }
    const copies = targets.map((to, i): Copy => {
      const from = this.results[i] as BufferSlice;
      return { from, to, bytes: Math.min(from.bytes, to.bytes) };
    });
    await device.submit(recording, copies);
  }

  /** Gives the plan's own memory back; its scratch is shared and stays. */
  destroy(reason: unknown = new WgradError('A plan was used after it had been dropped.')): void {
    this.recording?.destroy();
    this.recording = undefined;
    this.failure = reason;
    for (const { upload } of this.leaves) if (upload) this.runtime.pool.release(upload);
  }

  private bindLeaves(graph: Capture, recording: Recording): void {
    const moved = new Set<number>();
    for (const leaf of this.leaves) {
      const slice = this.leafSlice(leaf, graph);
      if (!sameSlice(slice, leaf.bound)) {
        leaf.bound = slice;
        for (const dispatch of leaf.dispatches) moved.add(dispatch);
      }
    }
    for (const i of moved) recording.rebind(i, this.bindings(i));
  }

  private bindings(dispatch: number): BufferSlice[] {
    const { places } = this.dispatches[dispatch] as { places: Place[] };
    return places.map((place) =>
      'slice' in place ? place.slice : ((this.leaves[place.leaf] as LeafSlot).bound as BufferSlice),
    );
  }

  /** The memory of a leaf; host data is written there first, unless it is there already. */
  private leafSlice(slot: LeafSlot, graph: Capture): BufferSlice {
    const node = graph.order[slot.node] as Node;
    const source = graph.sources[slot.node] as Source;
    if ('location' in source) return sliceAt(source.location, this.runtime.pool);
    const upload = slot.upload as BufferSlice;
    if (slot.uploaded?.deref() !== source.data) {
      this.runtime.device.write(upload, toDevice(source.data, node.dtype));
      slot.uploaded = new WeakRef(source.data);
    }
    return upload;
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
      const last = scalarOf(node, name);
      words[word] = bitsOf(last, dtype);
      this.scalars.push({ node: number.get(node) as number, name, dtype, dispatch, word, last });
    });
    return words;
  }

  /** Finds room for everything that is computed: values with disjoint lifetimes share buffers. */
  private layOut({ steps, placements, temporaries, leaves, results }: Recipe) {
    const lifetimes: { bytes: number; first: number; last: number }[] = [];
    const indexOf = new Map<Node, number>();
    const holder = (node: Node) => placements.get(node)?.pack ?? node;
    const touch = (node: Node, step: number) => {
      const held = holder(node);
      const known = indexOf.get(held);
      if (known === undefined) {
        this.checkSize(held, `The result of ${held.op.name}`);
        const bytes = bytesOf(held);
        indexOf.set(held, lifetimes.push({ bytes, first: step, last: step }) - 1);
      } else {
        (lifetimes[known] as { last: number }).last = step;
      }
    };
    const scratch = new Map<Node, number[]>();
    steps.forEach((step, i) => {
      for (const operand of nodesOf(step)) if (!leaves.has(operand)) touch(operand, i);
      const sizes = temporaries.get(step.node);
      if (!sizes) return;
      const known = scratch.get(step.node);
      if (!known) {
        const made = sizes.map((bytes) => lifetimes.push({ bytes, first: i, last: i }) - 1);
        scratch.set(step.node, made);
      } else {
        for (const t of known) (lifetimes[t] as { last: number }).last = i;
      }
    });
    for (const result of results) touch(result, Number.POSITIVE_INFINITY);
    const { buffers, placeOf } = assignBuffers(lifetimes as Lifetime[]);
    const slices = this.runtime.scratch(buffers);
    const slice = (lifetime: number, bytes: number, offset = 0): BufferSlice => {
      const { buffer } = slices[placeOf[lifetime] as number] as BufferSlice;
      return { buffer, offset, bytes };
    };
    return {
      placeOf: (node: Node) =>
        slice(indexOf.get(holder(node)) as number, bytesOf(node), placements.get(node)?.offset),
      temporaryOf: (node: Node, t: number) => {
        const lifetime = (scratch.get(node) as number[])[t] as number;
        return slice(lifetime, (lifetimes[lifetime] as Lifetime).bytes);
      },
    };
  }

  private checkSize(node: Node, what: string): void {
    const { device } = this.runtime;
    const [bytes, most] = [bytesOf(node), device.limits.maxBindingBytes];
    if (bytes <= most) return;
    throw new OutOfMemoryError(
      `${what}, ${node.dtype}[${node.shape}], takes ${bytes} bytes, but ${device.name} binds at most ${most} at once. ` +
        'Use a smaller batch or split the tensor.',
    );
  }
}

function newLeaf(node: number, upload: BufferSlice | undefined): LeafSlot {
  return { node, dispatches: new Set(), upload, uploaded: undefined, bound: undefined };
}

function bytesOf(node: Node): number {
  return byteSize(node.size, node.dtype);
}

function sameSlice(a: BufferSlice, b: BufferSlice | undefined): boolean {
  return b !== undefined && a.buffer === b.buffer && a.offset === b.offset && a.bytes === b.bytes;
}
