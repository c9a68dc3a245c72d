import type { BufferSlice } from '../device/device.ts';
import { byteSize, fromDevice, type HostArray, toDevice } from '../kernels/dtype.ts';
import { type Capture, capture, type Effect, presentLeaf, sourceOf } from './capture.ts';
import { type Cell, cellReadBy, firstContents, pendingAssignments } from './cell.ts';
import { type Node, topological } from './node.ts';
import { openRuntime, type Runtime, runtime } from './runtime.ts';
import { Storage, sliceAt } from './storage.ts';

/** Host data over this size gets device memory of its own instead of being sent with each plan. */
const RESIDENT_BYTES = 16 * 1024 * 1024;

/** Values up to this size live on the host once they have been read: their device memory is freed. */
const SMALL_READ_BYTES = 64 * 1024;

/**
 * Computes nodes, effects and all pending assignments in one submission. The values stay with
 * the nodes. Resolves when the work is queued on the device.
 */
export async function realize(
  nodes: readonly Node[],
  effects: readonly Effect[] = [],
): Promise<void> {
  // With a device at hand the graph is captured within this very call: what the caller builds or
  // assigns afterwards cannot change it.
  const on = openRuntime() ?? (await runtime());
  for (const node of nodes) makeResident(node, on, 0);
  // What a cell has been assigned will be in the cell's own memory.
  const wanted = [...new Set(nodes)].filter(
    (node) => !node.leaf && !cellReadBy(node)?.isPendingRead(node),
  );
  const assigned = [...pendingAssignments];
  if (wanted.length === 0 && effects.length === 0 && assigned.length === 0) {
    return initialise(storagesOf(nodes), on);
  }
  const pending = assigned.flatMap((cell) => {
    const value = cell.takePending();
    return value ? [{ cell, value }] : [];
  });
  const values = pending.map(({ value }) => value);
  const graph = captureOr(() => restore(pending), [...wanted, ...values], effects, on);
  const read = new Set(storagesOf(graph.order));
  // A first value that is replaced before anybody reads it need not be computed.
  const whole = new Set(assigned.filter((cell) => !cell.home && !read.has(cell.location.storage)));
  for (const { location } of whole) firstContents.delete(location.storage);
  const written = [...assigned, ...effects.flatMap(({ writes }) => writes)];
  const initialised = initialise([...read, ...written.map(({ location }) => location.storage)], on);
  const made = wanted.map((node) => ({ node, storage: storageFor(node) }));
  // Taken down now: an optimizer may move the cells before the work is done.
  const homes = pending.map(({ cell }) => ({
    location: cell.location,
    name: cell.name,
    isFresh: whole.has(cell),
  }));
  const work = execute(graph, on, () => [
    ...made.map(({ storage }) => storage.allocate(on.pool, 'tensor')),
    ...homes.map(({ location, name, isFresh }) =>
      isFresh ? location.storage.allocate(on.pool, name) : sliceAt(location, on.pool),
    ),
  ]);
  for (const cell of written) cell.replaced();
  const stale = readersOfReplaced(graph.order);
  for (const { node, storage } of made) {
    node.leaf = { kind: 'stored', storage };
    if (!stale.has(node)) continue;
    // What it was computed from is gone: nothing can be derived from it, so let go of it.
    node.inputs = [];
    node.released = true;
  }
  try {
    await Promise.all([initialised, work]);
  } catch (error) {
    // There is no value after all; what can still be computed may be tried again.
    for (const { node, storage } of made) {
      const isMine = node.leaf?.kind === 'stored' && node.leaf.storage === storage;
      if (isMine && !node.released) node.leaf = undefined;
    }
    throw error;
  }
  for (const node of wanted) if (node.op.endsHistory) node.inputs = [];
}

/** The elements of a node, computed if need be: those it has kept, or an array nobody else has. */
export async function read(node: Node): Promise<HostArray> {
  if (node.leaf?.kind === 'host') return node.leaf.data;
  const on = openRuntime() ?? (await runtime());
  const computed = node.leaf ? undefined : realize([node]);
  if (!node.leaf) await computed; // which throws
  // Taken down within this call: a cell may have another value by the time this one is there.
  const source = sourceOf(presentLeaf(node));
  if ('data' in source) return source.data;
  const { location } = source;
  const bytes = byteSize(node.size, node.dtype);
  location.storage.hold();
  const ready = initialise([location.storage], on);
  // Only the start of the read is queued: later work need not wait for the bytes to arrive.
  const start = on.enqueue(async () => {
    try {
      return { bytes: on.device.read({ ...sliceAt(location, on.pool), bytes }) };
    } finally {
      location.storage.release();
    }
  });
  const [, , started] = await Promise.all([computed, ready, start]);
  const data = fromDevice(await started.bytes, node.size, node.dtype);
  if (node.leaf?.kind === 'stored' && bytes <= SMALL_READ_BYTES) {
    node.leaf.storage.dispose();
    node.leaf = { kind: 'host', data };
  }
  return data;
}

/** Computes what storages are to hold at first and do not hold yet, in a submission of its own. */
function initialise(storages: readonly Storage[], on: Runtime): Promise<void> {
  const values = [...new Set(storages)].flatMap((storage) => {
    const contents = firstContents.get(storage);
    return contents && !contents.isUnderway ? [{ storage, contents }] : [];
  });
  if (values.length === 0) return Promise.resolve();
  // Whoever needs the values next tries again.
  const undo = () => {
    for (const { contents } of values) contents.isUnderway = false;
  };
  for (const { contents } of values) contents.isUnderway = true;
  const nodes = values.map(({ contents }) => contents.node);
  const graph = captureOr(undo, nodes, [], on);
  const first = initialise(storagesOf(graph.order), on);
  const work = execute(graph, on, () =>
    values.map(({ storage, contents }) => storage.allocate(on.pool, contents.name)),
  );
  return Promise.all([first, work]).then(
    () => {
      for (const { storage, contents } of values) {
        if (firstContents.get(storage) === contents) firstContents.delete(storage);
      }
    },
    (error) => {
      undo();
      throw error;
    },
  );
}

/** Captures a graph, whose large host data gets memory first; `undo` is called where that fails. */
function captureOr(
  undo: () => void,
  results: readonly Node[],
  effects: readonly Effect[],
  on: Runtime,
): Capture {
  try {
    for (const node of topological(results)) makeResident(node, on, RESIDENT_BYTES);
    return capture(results, effects);
  } catch (error) {
    undo();
    throw error;
  }
}

/** Makes assignments pending again, except those that cannot be computed themselves. */
function restore(pending: readonly { readonly cell: Cell; readonly value: Node }[]): void {
  for (const { cell, value } of pending) {
    try {
      capture([value], []);
      cell.assign(value);
    } catch {
      // It is what failed, and would make everything else fail too.
    }
  }
}

/** The nodes that read, directly or not, a value that has been replaced meanwhile. */
function readersOfReplaced(order: readonly Node[]): Set<Node> {
  const stale = new Set<Node>();
  for (const node of order) {
    const { leaf, inputs } = node;
    const isReplaced = leaf?.kind === 'cell' && leaf.version !== leaf.cell.version;
    if (isReplaced || inputs.some((input) => stale.has(input))) stale.add(node);
  }
  return stale;
}

/** Where the values of leaves lie that are in memory. */
function storagesOf(nodes: readonly Node[]): Storage[] {
  return nodes.flatMap(({ leaf }) => {
    const source = leaf && sourceOf(leaf);
    return source && 'location' in source ? [source.location.storage] : [];
  });
}

/** Schedules a captured graph now and queues its run; `targets` are where its results go. */
function execute(graph: Capture, on: Runtime, targets: () => BufferSlice[]): Promise<void> {
  const { plan, isNew } = on.plan(graph);
  const held = graph.sources.flatMap((source) =>
    source && 'location' in source ? [source.location.storage] : [],
  );
  for (const storage of held) storage.hold();
  return on.enqueue(async () => {
    try {
      if (isNew) await plan.prepare(graph);
      await plan.run(graph, targets());
      on.trimPlans();
    } catch (error) {
      if (isNew) on.forget(graph, error);
      throw error;
    } finally {
      for (const storage of held) storage.release();
    }
  });
}

/** Gives host data device memory of its own, if it is over a size. */
function makeResident(node: Node, on: Runtime, over: number): void {
  const { leaf } = node;
  if (leaf?.kind !== 'host' || leaf.data.byteLength <= over) return;
  const storage = storageFor(node);
  on.device.write(storage.allocate(on.pool, 'host data'), toDevice(leaf.data, node.dtype));
  node.leaf = { kind: 'stored', storage };
}

function storageFor(node: Node): Storage {
  return new Storage(byteSize(node.size, node.dtype));
}
