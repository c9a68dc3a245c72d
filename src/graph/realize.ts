import type { BufferSlice } from '../device/device.ts';
import { WgradError } from '../errors.ts';
import { byteSize, fromDevice, type HostArray, toDevice } from '../kernels/dtype.ts';
import { type Capture, capture, type Effect } from './capture.ts';
import type { Node } from './node.ts';
import { openRuntime, type Runtime, runtime } from './runtime.ts';
import { Storage } from './storage.ts';
import { pendingAssignments, type Variable } from './variable.ts';

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
  const wanted = [...new Set(nodes)].filter((node) => !node.leaf);
  const assigned = [...pendingAssignments];
  if (wanted.length === 0 && effects.length === 0 && assigned.length === 0) {
    return initialise(variablesOf(nodes), on);
  }
  const values = assigned.map((variable) => variable.takePending() as Node);
  const graph = capture([...wanted, ...values], effects);
  const read = variablesOf(graph.order);
  const initialised = initialise(
    [...read, ...assigned, ...effects.flatMap(({ writes }) => writes)],
    on,
  );
  const storages = wanted.map((node) => new Storage(byteSize(node.size, node.dtype)));
  const work = execute(graph, on, () => [
    ...storages.map((storage) => storage.allocate(on.pool, 'tensor')),
    ...assigned.map((variable) => variable.slice as BufferSlice),
  ]);
  for (const variable of [...assigned, ...effects.flatMap(({ writes }) => writes)])
    variable.replaced();
  const stale = readersOfReplaced(graph.order);
  wanted.forEach((node, i) => {
    node.leaf = { kind: 'stored', storage: storages[i] as Storage };
    if (!stale.has(node)) return;
    // What it was computed from is gone: nothing can be derived from it, so let go of it.
    node.inputs = [];
    node.released = true;
  });
  await initialised;
  await work;
}

/** The elements of a node, computed if need be. */
export async function read(node: Node): Promise<HostArray> {
  if (node.leaf?.kind === 'host') return node.leaf.data;
  if (!node.leaf) await realize([node]);
  const on = await runtime();
  const bytes = byteSize(node.size, node.dtype);
  if (node.leaf?.kind === 'variable') {
    capture([node], []);
    await initialise([node.leaf.variable], on);
  }
  const slice = () => {
    const { leaf } = node;
    if (leaf?.kind === 'variable') return leaf.variable.slice;
    return leaf?.kind === 'stored' ? leaf.storage.slice : undefined;
  };
  // Only the start of the read is queued: later work need not wait for the bytes to arrive.
  const started = await on.enqueue(async () => {
    const from = slice();
    if (!from) throw new WgradError(`A tensor of shape [${node.shape}] was read after dispose()`);
    return { bytes: on.device.read({ ...from, bytes }) };
  });
  const data = fromDevice(await started.bytes, node.size, node.dtype);
  if (node.leaf?.kind === 'stored' && bytes <= SMALL_READ_BYTES) {
    node.leaf.storage.dispose();
    node.leaf = { kind: 'host', data };
  }
  return data;
}

/** Computes first values of variables that have none yet, in a submission of its own. */
function initialise(variables: readonly Variable[], on: Runtime): Promise<void> {
  const fresh = [...new Set(variables.map(({ root }) => root))].filter(({ initial }) => initial);
  if (fresh.length === 0) return Promise.resolve();
  const nodes = fresh.map((variable) => variable.initial as Node);
  for (const variable of fresh) variable.initial = undefined;
  const graph = capture(nodes, []);
  const first = initialise(variablesOf(graph.order), on);
  const work = execute(graph, on, () =>
    fresh.map((variable) => variable.ownStorage.allocate(on.pool, variable.name)),
  );
  return first.then(() => work);
}

/** The nodes that read, directly or not, a value that has been replaced meanwhile. */
function readersOfReplaced(order: readonly Node[]): Set<Node> {
  const stale = new Set<Node>();
  for (const node of order) {
    const { leaf, inputs } = node;
    const isReplaced = leaf?.kind === 'variable' && leaf.version !== leaf.variable.version;
    if (isReplaced || inputs.some((input) => stale.has(input))) stale.add(node);
  }
  return stale;
}

function variablesOf(nodes: readonly Node[]): Variable[] {
  return nodes.flatMap(({ leaf }) => (leaf?.kind === 'variable' ? [leaf.variable] : []));
}

/** Schedules a captured graph now and queues its run; `targets` are where its results go. */
function execute(graph: Capture, on: Runtime, targets: () => BufferSlice[]): Promise<void> {
  for (const node of graph.order) makeResident(node, on);
  const { plan, isNew } = on.plan(graph);
  const held = graph.order.flatMap(({ leaf }) => (leaf?.kind === 'stored' ? [leaf.storage] : []));
  for (const storage of held) storage.hold();
  return on.enqueue(async () => {
    try {
      if (isNew) await plan.prepare(graph);
      await plan.run(graph, targets());
      on.trimPlans();
    } catch (error) {
      if (isNew) on.forget(graph);
      throw error;
    } finally {
      for (const storage of held) storage.release();
    }
  });
}

function makeResident(node: Node, on: Runtime): void {
  const { leaf } = node;
  if (leaf?.kind !== 'host' || leaf.data.byteLength <= RESIDENT_BYTES) return;
  const storage = new Storage(byteSize(node.size, node.dtype));
  on.device.write(storage.allocate(on.pool, 'host data'), toDevice(leaf.data, node.dtype));
  node.leaf = { kind: 'stored', storage };
}
