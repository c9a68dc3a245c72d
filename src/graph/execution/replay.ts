import { type Cell, cellReadBy, failed, pendingAssignments, succeeded } from '../cell.ts';
import { Node, type Scalars } from '../node.ts';
import type { Operation } from '../operation.ts';
import { Storage, sliceAt } from '../storage.ts';
import { type Effect, type Located, presentLeaf, type Source, sourceOf } from './capture.ts';
import { openRuntime } from './current-runtime.ts';
import { initialise } from './initialise.ts';
import type { Plan } from './plan.ts';
import type { PlanKey } from './plan-key.ts';
import { realize } from './realize.ts';
import {
  type Assigned,
  type RecordedRun,
  type Recording,
  type Repeated,
  settled,
} from './recording.ts';
import type { Runtime } from './runtime.ts';
import { locatedIn, submit } from './submit.ts';

const replayedOp: Operation = { name: 'replayed', lowering: { kind: 'leaf' }, endsHistory: true };

/** The value that a node has, without what it was computed from. */
export function detached(node: Node): Node {
  if (node.leaf?.kind !== 'stored' || node.inputs.length === 0) return node;
  return new Node(replayedOp, [], node, {}, {}, node.leaf);
}

/** Where a value is that may be elsewhere in each replay. */
type Moving =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'made'; readonly run: number; readonly index: number };

/** A submission that is made again: what stays, and what takes the place of the rest. */
interface Run {
  readonly plan: Plan;
  readonly key: PlanKey;
  readonly sources: readonly (Source | undefined)[];
  readonly moving: readonly (readonly [at: number, value: Moving])[];
  readonly scalars: readonly Scalars[];
  /** The arguments whose scalars go there. */
  readonly given: readonly (readonly [at: number, argument: number])[];
  readonly madeBytes: readonly number[];
  readonly assigned: readonly Assigned[];
  readonly written: readonly Cell[];
  readonly effects: readonly Pick<Effect, 'early'>[];
}

interface Result {
  readonly shape: readonly number[];
  readonly dtype: Node['dtype'];
  readonly value: Moving | { readonly kind: 'fixed'; readonly node: Node };
}

/**
 * What a function was recorded to submit, to be submitted again on other arguments: no graph is built,
 * captured or looked up. It holds on to no node but those that are values by themselves.
 */
export class Replay {
  private readonly on: Runtime;
  private readonly repeated: Recording['repeated'];
  private readonly trainable: Recording['trainable'];
  private readonly runs: readonly Run[];
  private readonly results: readonly Result[];
  /** Where scalars are that go on from run to run. */
  private readonly places = new Map<Scalars, (readonly [run: number, at: number])[]>();

  /**
   * @param recording of a function
   * @param given the nodes of its arguments' graphs
   * @param results what it returned, all of it leaves
   */
  constructor(on: Runtime, recording: Recording, given: readonly Node[], results: readonly Node[]) {
    this.on = on;
    this.repeated = recording.repeated;
    this.trainable = recording.trainable;
    const argumentOf = new Map(given.map((node, i) => [node, i]));
    const madeBy = new Map<Storage, Moving>();
    const movingOf = (node: Node): Moving | undefined => {
      const { leaf } = node;
      const index = argumentOf.get(node);
      if (index !== undefined) return { kind: 'argument', index };
      if (leaf?.kind === 'cell') return { kind: 'cell', cell: cellReadBy(node) as Cell };
      return leaf?.kind === 'stored' ? madeBy.get(leaf.storage) : undefined;
    };
    this.runs = recording.runs.map((recorded, run) => {
      const own = runOf(recorded, argumentOf, movingOf);
      recorded.made.forEach((storage, index) => {
        madeBy.set(storage, { kind: 'made', run, index });
      });
      return own;
    });
    this.runs.forEach(({ scalars }, run) => {
      scalars.forEach((own, at) => {
        this.places.set(own, [...(this.places.get(own) ?? []), [run, at]]);
      });
    });
    this.results = results.map((node) => ({
      shape: node.shape,
      dtype: node.dtype,
      value: movingOf(node) ?? { kind: 'fixed', node },
    }));
  }

  /** Whether submitting it again is what calling the function again would do. */
  get holds(): boolean {
    return (
      openRuntime() === this.on &&
      this.runs.every(({ plan }) => !plan.isDropped) &&
      [...this.trainable].every(([one, was]) => one.trainable === was) &&
      this.repeated.every(({ one }) => one.holds())
    );
  }

  /** Submits it on other arguments, all within this call, and gives what the function returns. */
  run(given: readonly Node[]): { readonly results: Node[]; readonly done: Promise<void> } {
    // Assignments of the program come before.
    const work = pendingAssignments.size > 0 ? [{ run: -1, done: realize([]) }] : [];
    this.on.profiler?.beginCapture();
    const scalars = this.runs.map((run) => run.scalars.slice());
    for (const [recorded, now] of this.goOn()) {
      for (const [run, at] of this.places.get(recorded) ?? [])
        (scalars[run] as Scalars[])[at] = now;
    }
    const made: Storage[][] = [];
    const sourceNow = (value: Moving): Source => {
      if (value.kind === 'argument') return sourceOf(presentLeaf(given[value.index] as Node));
      if (value.kind === 'cell') return presentSource(value.cell);
      const storage = made[value.run]?.[value.index] as Storage;
      return { location: { storage, offset: 0, bytes: storage.bytes } };
    };
    this.runs.forEach((run, i) => {
      const sources = run.sources.slice();
      for (const [at, value] of run.moving) sources[at] = sourceNow(value);
      const own = scalars[i] as Scalars[];
      for (const [at, argument] of run.given) own[at] = (given[argument] as Node).scalars;
      const storages = run.madeBytes.map((bytes) => new Storage(bytes));
      made.push(storages);
      work.push({ run: i, done: this.submit(run, { sources, scalars: own }, storages) });
    });
    const results = this.results.map((result) => {
      const { value } = result;
      if (value.kind === 'fixed') return value.node;
      if (value.kind === 'argument') return given[value.index] as Node;
      if (value.kind === 'cell') return value.cell.read();
      const storage = made[value.run]?.[value.index] as Storage;
      return new Node(replayedOp, [], result, {}, {}, { kind: 'stored', storage });
    });
    this.on.profiler?.endCapture();
    return { results, done: settled(work, this.repeated) };
  }

  /** The scalars of this run for those recorded. */
  private goOn(): (readonly [recorded: Scalars, now: Scalars])[] {
    const gone: Repeated[] = [];
    try {
      return this.repeated.flatMap(({ one }) => {
        const scalars = [...one.next()];
        gone.push(one);
        return scalars;
      });
    } catch (error) {
      for (const one of gone) one.undo();
      throw error;
    }
  }

  private submit(
    { plan, key, assigned, written, effects }: Run,
    values: { readonly sources: readonly (Source | undefined)[]; readonly scalars: Scalars[] },
    made: readonly Storage[],
  ): Promise<void> {
    const { on } = this;
    on.touch(key);
    const located = locatedIn(values.sources);
    const replaced = [...assigned.flatMap(({ cells }) => cells), ...written];
    const storages = [...located, ...replaced].map(({ location }) => location.storage);
    const initialised = initialise(storages, on);
    const homes = assigned.map(({ into }) => into.location);
    const targets = () => [
      ...made.map((storage) => storage.allocate(on.pool, 'tensor')),
      ...homes.map((location) => sliceAt(location, on.pool)),
    ];
    const submission = { plan, values: { ...values, effects }, located };
    const work = submit(submission, on, targets, (failure) => {
      if (!failure) {
        for (const replacement of replacements) succeeded(replacement);
        return;
      }
      for (const replacement of replacements) failed(replacement, failure.reason);
      for (const storage of made) storage.fail(failure.reason);
    });
    const replacements = replaced.flatMap((cell) => cell.replaced('effect'));
    return Promise.all([initialised, work]).then(() => {});
  }
}

function runOf(
  { graph, plan, made, assigned, written }: RecordedRun,
  argumentOf: ReadonlyMap<Node, number>,
  movingOf: (leaf: Node) => Moving | undefined,
): Run {
  const moving: (readonly [number, Moving])[] = [];
  const given: (readonly [number, number])[] = [];
  const sources = graph.sources.map((source, at) => {
    const node = graph.order[at] as Node;
    const argument = argumentOf.get(node);
    if (argument !== undefined) given.push([at, argument]);
    const value = source && movingOf(node);
    if (!value) return source;
    moving.push([at, value]);
    return undefined;
  });
  const madeBytes = made.map(({ bytes }) => bytes);
  const { key, scalars } = graph;
  const places = assigned.map(({ cells, into }) => ({ cells, into }));
  return {
    plan,
    key,
    sources,
    moving,
    scalars,
    given,
    madeBytes,
    assigned: places,
    written,
    // Not their nodes, which hold on to tensors.
    effects: graph.effects.map(({ early }) => ({ early })),
  };
}

/** The value that a cell has now. @throws why it did not come about */
function presentSource({ location, version }: Cell): Located {
  if (version.failure) throw version.failure.reason;
  return { location, version };
}
