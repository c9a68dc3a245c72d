import { requireFunction } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { pendingAssignments } from '../graph/cell.ts';
import { copiesOf } from '../graph/copy.ts';
import { openRuntime, runtime } from '../graph/execution/current-runtime.ts';
import { PlanCache } from '../graph/execution/plan-cache.ts';
import { PlanKey } from '../graph/execution/plan-key.ts';
import { realize } from '../graph/execution/realize.ts';
import { Recording, record, recording, settled } from '../graph/execution/recording.ts';
import { detached, Replay } from '../graph/execution/replay.ts';
import { makeResident } from '../graph/execution/resident.ts';
import type { Runtime } from '../graph/execution/runtime.ts';
import { type Node, topological } from '../graph/node.ts';
import { type AnyTensor, Tensor } from './tensor.ts';
import { mapTree } from './tree.ts';

/** Calls of other shapes are recorded anew; of so many kinds of calls the latest are kept. */
const MAX_KINDS = 32;

/** Stands for the tensors in arguments: what is left tells one kind of call from another. */
const TENSOR = Symbol('tensor');

/** Stands for a tensor in what a function returns. */
class Returned {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

interface Compiled {
  readonly replay: Replay;
  /** What the function returns, with `Returned` in place of tensors. */
  readonly result: unknown;
}

/**
 * A function that computes the same as `work`, and builds its graph but once for each kind of
 * arguments: the first call calls `work` and records what it submits, later ones submit that again on
 * their tensors. A training step then costs the host next to nothing.
 *
 * ```ts
 * const step = compile((images: AnyTensor, labels: AnyTensor) => {
 *   const loss = losses.crossEntropy(model.forward(images, { training: true }), labels);
 *   optimizer.step(loss);
 *   return loss;
 * });
 * for await (const { inputs, targets } of batches) console.log(await (await step(inputs, targets)).item());
 * ```
 *
 * `work` takes and returns tensors, also in arrays and plain objects, and waits for nothing: no
 * `async`, and no `await` of the optimizer's step. Variables that it reads and assigns, learning rates,
 * optimizers' counters and random numbers go on from call to call as without `compile`, to the same
 * bits, and what is frozen or thawed between two calls counts. All else is as it was at the first call: numbers that it computes with, arrays it makes tensors
 * of, and what it prints. A call in which variables are made, as by a model that is not built yet, is
 * not kept: the next is recorded. Calls are of one kind where their tensors have the same shapes, dtypes
 * and graphs behind them, and all else that is given is equal; objects of classes, where they are the same.
 *
 * What it returns has been computed, or is on its way; no gradient flows back through it.
 *
 * @throws ArgumentError, when it is called, where `work` reads a tensor, returns a promise, sets seeds
 *   or draws random numbers on the host, or uses gradients that `backward()` left outside of it or leaves
 *   some; and what `work` throws.
 */
export function compile<A extends readonly unknown[], R>(
  work: (...given: A) => R extends PromiseLike<unknown> ? never : R,
): (...given: A) => Promise<R> {
  requireFunction('compile', 'what it compiles', work);
  const known = new PlanCache<Compiled>();
  return async (...given) => {
    if (recording()) {
      const error = new ArgumentError(
        'compile: a compiled function was called within another. Call the function it was made of.',
      );
      recording()?.refuse(error);
      throw error;
    }
    const on = openRuntime() ?? (await runtime());
    const tensors: AnyTensor[] = [];
    const rest = mapTree(given, (leaf) => {
      if (!(leaf instanceof Tensor)) return leaf;
      tensors.push(leaf);
      return TENSOR;
    });
    const nodes = topological(tensors.map(({ node }) => node));
    const key = kindOf(rest, tensors, nodes, on);
    const compiled = known.use(key);
    if (compiled?.replay.holds) {
      const { results, done } = compiled.replay.run(nodes);
      await done;
      return filled(compiled.result, results) as R;
    }
    known.delete(key);
    const first = recorded(work, given, nodes, on);
    if (first.compiled) known.add(key, first.compiled);
    for (const old of known.oldestFirst().slice(0, Math.max(0, known.size - MAX_KINDS))) {
      known.delete(old.key);
    }
    try {
      await first.done();
    } catch (error) {
      known.delete(key);
      throw error;
    }
    return first.result as R;
  };
}

function kindOf(
  rest: unknown,
  tensors: readonly AnyTensor[],
  nodes: readonly Node[],
  on: Runtime,
): PlanKey {
  const key = new PlanKey();
  key.addValue(rest);
  nodes.forEach((node, i) => {
    node.position = i;
    makeResident(node, on);
    key.addNode(node);
  });
  key.addPositions(tensors.map(({ node }) => node));
  return key;
}

/** Calls a function and records what it submits; `done` when that is queued. */
function recorded(
  work: (...given: never) => unknown,
  given: readonly unknown[],
  nodes: readonly Node[],
  on: Runtime,
): { readonly compiled: Compiled | undefined; readonly result: unknown; done(): Promise<void> } {
  // Assignments of the program come before, and are no part of it.
  const before = pendingAssignments.size > 0 ? realize([]) : undefined;
  // Nodes of its own: a tensor that the function knows by itself as well stays what it is.
  const own = copiesOf(nodes);
  const recorder = new Recording(new Set(own.values()));
  const originals = new Map([...own].map(([original, copy]) => [copy, original]));
  const inside = mapTree(given, (leaf) =>
    leaf instanceof Tensor ? new Tensor(own.get(leaf.node) as Node) : leaf,
  );
  const outcome = record(recorder, () => work(...(inside as never)));
  refuseRest(recorder, outcome);
  const returned: Node[] = [];
  const result = mapTree(outcome, (leaf) =>
    leaf instanceof Tensor ? new Returned(returned.push(leaf.node) - 1) : leaf,
  );
  const missing = returned.filter((node) => !node.leaf && !originals.has(node));
  if (missing.length > 0 || pendingAssignments.size > 0) record(recorder, () => realize(missing));
  const results = returned.map((node) => originals.get(node) ?? detached(node));
  const isThere = returned.every((node) => node.leaf || originals.has(node));
  // A model that was built on the way draws its weights this once.
  const replay =
    isThere && !recorder.makesVariables
      ? new Replay(on, recorder, [...originals.keys()], returned)
      : undefined;
  return {
    compiled: replay && { replay, result },
    result: filled(result, results),
    done: async () => {
      await Promise.all([before, settled(recorder.underway, recorder.repeated)]);
    },
  };
}

function refuseRest(recorder: Recording, outcome: unknown): void {
  if (recorder.gradients.size > 0) {
    const names = [...recorder.gradients].slice(0, 3).map(({ name }) => `'${name}'`);
    recorder.refuse(
      new ArgumentError(
        `compile: the function leaves gradients of backward() for ${names.join(', ')}, which later calls would not. ` +
          'Call step() within it too, or return what grad gives.',
      ),
    );
  }
  if (isPromise(outcome)) {
    outcome.then(undefined, () => {});
    recorder.refuse(
      new ArgumentError(
        'compile: the function returned a promise. It is called once alone and must not wait: leave out async and ' +
          'await, also of optimizer.step, and return tensors: { optimizer.step(loss); return loss; }',
      ),
    );
  }
  recorder.check();
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

function filled(result: unknown, nodes: readonly Node[]): unknown {
  return mapTree(result, (leaf) =>
    leaf instanceof Returned ? new Tensor(nodes[leaf.index] as Node) : leaf,
  );
}
