import { ArgumentError } from '../../errors.ts';
import { byteSize, fromDevice, type HostArray } from '../../kernels/dtype.ts';
import { type Cell, cellReadBy, failed, pendingAssignments, succeeded } from '../cell.ts';
import type { Node } from '../node.ts';
import { sliceAt } from '../storage.ts';
import { assignmentsOf } from './assignments.ts';
import { type Effect, presentLeaf, sourceOf } from './capture.ts';
import { openRuntime, runtime } from './current-runtime.ts';
import { initialise } from './initialise.ts';
import { recording } from './recording.ts';
import { arrival, captured, makeResident, storageFor } from './resident.ts';
import type { Runtime } from './runtime.ts';
import { locatedIn, storagesOf, submit } from './submit.ts';

/** Values up to this size live on the host once they have been read: their device memory is freed. */
const SMALL_READ_BYTES = 64 * 1024;

/**
 * Computes nodes, effects and all pending assignments in one submission. The values stay with
 * the nodes. Resolves when the work is queued on the device. Where it fails, everything is as it
 * was before, and assignments are tried without the rest.
 *
 * @param assigned the cells whose assignments are performed
 */
export function realize(
  nodes: readonly Node[],
  effects: readonly Effect[] = [],
  assigned: Iterable<Cell> = pendingAssignments,
): Promise<void> {
  const recorder = recording();
  const run = recorder?.runs.length ?? 0;
  const done = realizeOrGoBack(nodes, effects, assigned);
  if (!recorder) return done;
  // Who records waits for it; the function that is recorded goes on.
  done.catch(() => {});
  recorder.underway.push({ run, done });
  return Promise.resolve();
}

async function realizeOrGoBack(
  nodes: readonly Node[],
  effects: readonly Effect[],
  assigned: Iterable<Cell>,
): Promise<void> {
  // With a device at hand the graph is captured within this very call: what the caller builds or
  // assigns afterwards cannot change it.
  const on = openRuntime() ?? (await runtime());
  const cells = [...assigned];
  const values = cells.map(({ pending }) => pending);
  try {
    await computeAll(nodes, effects, cells, on);
  } catch (error) {
    // First what was queued behind it has to fail, too, and to be undone.
    await on.enqueue(async () => {});
    if (openRuntime() !== on) throw error;
    const isAlone = nodes.length + effects.length === 0;
    const left = cells.filter(({ pending }, i) => pending && pending === values[i]);
    // One that fails by itself is what cannot be computed, and would make everything else fail too.
    if (isAlone && cells.length === 1) for (const cell of left) cell.forgetAssignment();
    else if (left.length > 0) {
      const tries = isAlone ? left.map((cell) => [cell]) : [left];
      await Promise.allSettled(tries.map((some) => realize([], [], some)));
    }
    throw error;
  }
}

async function computeAll(
  nodes: readonly Node[],
  effects: readonly Effect[],
  assigned: readonly Cell[],
  on: Runtime,
): Promise<void> {
  on.profiler?.beginCapture();
  for (const node of nodes) makeResident(node, on, 0);
  // What a cell has been assigned will be in the cell's own memory.
  const wanted = [...new Set(nodes)].filter(
    (node) => !node.leaf && !cellReadBy(node)?.isPendingRead(node),
  );
  if (wanted.length === 0 && effects.length === 0 && assigned.length === 0) {
    const sources = nodes.map(({ leaf }) => leaf && sourceOf(leaf));
    const storages = storagesOf(locatedIn(sources));
    await initialise(storages, on);
    return on.enqueue(async () => {
      await arrival(storages, on);
      await on.collectIfDue();
    });
  }
  const assignments = assignmentsOf(assigned);
  const values = assignments.map(({ value }) => value);
  const graph = captured([...wanted, ...values], effects, on);
  const located = locatedIn(graph.sources);
  const read = storagesOf(located);
  const written = [...new Set(effects.flatMap(({ writes }) => writes))];
  // A first value that is replaced before anybody reads it need not be computed.
  const fresh = new Set(
    assignments.flatMap(({ into: { home, location } }) =>
      home || read.has(location.storage) ? [] : [location.storage],
    ),
  );
  const needed = [...assigned, ...written].map(({ location }) => location.storage);
  const initialised = initialise([...read, ...needed.filter((at) => !fresh.has(at))], on);
  const submission = { ...on.plan(graph), values: graph, located };
  on.profiler?.endCapture();
  const made = wanted.map((node) => ({ node, storage: storageFor(node) }));
  // Taken down now: an optimizer may move the cells before the work is done.
  const homes = assignments.map(({ into: { location, name } }) => ({ location, name }));
  const targets = () => [
    ...made.map(({ storage }) => storage.allocate(on.pool, 'tensor')),
    ...homes.map(({ location, name }) =>
      fresh.has(location.storage)
        ? location.storage.allocate(on.pool, name)
        : sliceAt(location, on.pool),
    ),
  ];
  const work = submit(submission, on, targets, (failure) => {
    if (!failure) {
      for (const replacement of replacements) succeeded(replacement);
      for (const node of wanted) if (node.released || node.op.endsHistory) node.inputs = [];
      return;
    }
    for (const replacement of replacements) failed(replacement, failure.reason);
    for (const { node, storage } of made) {
      storage.fail(failure.reason);
      node.leaf = undefined;
      node.released = false;
    }
  });
  const replacements = [
    ...assigned.flatMap((cell) => cell.replaced('assignment', fresh.has(cell.location.storage))),
    ...written.flatMap((cell) => cell.replaced('effect')),
  ];
  // What they were computed from is gone: nothing can be derived from it, so let go of it.
  const stale = readersOfReplaced(graph.order);
  for (const { node, storage } of made) {
    node.leaf = { kind: 'stored', storage };
    node.released = stale.has(node);
  }
  recording()?.runs.push({
    graph,
    plan: submission.plan,
    made: made.map(({ storage }) => storage),
    assigned: assignments,
    written,
  });
  await Promise.all([initialised, work]);
}

/** The elements of a node, computed if need be: those it has kept, or an array nobody else has. */
export async function read(node: Node): Promise<HostArray> {
  const recorder = recording();
  if (recorder) {
    recorder.refuse(readWithin(node));
    return new Promise(() => {});
  }
  if (node.leaf?.kind === 'host') return node.leaf.data;
  const on = openRuntime() ?? (await runtime());
  const computed = node.leaf ? undefined : realize([node]);
  if (!node.leaf) await computed; // which throws
  // Taken down within this call: a cell may have another value by the time this one is there.
  const source = sourceOf(presentLeaf(node));
  if ('data' in source) return source.data;
  const { location, version } = source;
  const bytes = byteSize(node.size, node.dtype);
  const ready = initialise([location.storage], on);
  location.storage.hold();
  // Only the start of the read is queued: later work need not wait for the bytes to arrive.
  const start = on.enqueue(async () => {
    try {
      if (version?.failure) throw version.failure.reason;
      const arriving = arrival([location.storage], on);
      if (arriving) await arriving;
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

/** The nodes that read, directly or not, a value that has been replaced meanwhile. */
function readersOfReplaced(order: readonly Node[]): Set<Node> {
  const stale = new Set<Node>();
  for (const node of order) {
    const { leaf, inputs } = node;
    const isStale =
      leaf?.kind === 'cell'
        ? leaf.version !== leaf.cell.version
        : inputs.some((input) => stale.has(input));
    if (isStale) stale.add(node);
  }
  return stale;
}

function readWithin({ dtype, shape }: Node): ArgumentError {
  return new ArgumentError(
    `compile: the function reads a tensor ${dtype}[${shape}] (data, item or array), but it is called once alone, ` +
      'to see what it computes. Return the tensor, and read it from what the compiled function gives.',
  );
}
