import type { EarlyUse } from '../../device/device.ts';
import { StaleTensorError, WgradError } from '../../errors.ts';
import type { HostArray } from '../../kernels/dtype.ts';
import type { Cell } from '../cell.ts';
import { copiesOf, copyOf } from '../copy.ts';
import { type Leaf, type Node, type Scalars, topological, type Version } from '../node.ts';
import type { Location } from '../storage.ts';
import { memoryOf } from '../view.ts';
import { PlanKey } from './plan-key.ts';

/** Work to be done in place once everything that reads the cells has run. */
export interface Effect {
  readonly node: Node;
  readonly writes: readonly Cell[];
  /**
   * What the host does with the bytes of the one cell that the kernel writes, as soon as it has; see
   * {@link EarlyUse}. Such effects come behind the results alone, and no other effect reads what they overwrite.
   */
  readonly early?: { readonly cell: Cell; readonly begin: EarlyUse['begin'] } | undefined;
}

/** Where the value of a leaf is found, also when the leaf has changed by the time it is needed. */
export type Source = { readonly data: HostArray } | Located;

/** In memory; the value of a cell also knows whether it came about. */
export interface Located {
  readonly location: Location;
  readonly version?: Version;
}

/** The nodes of a graph, and what is asked of them. */
export interface CapturedGraph {
  /** All nodes, inputs first. Plans of the same key number them alike. */
  readonly order: readonly Node[];
  readonly results: readonly Node[];
  readonly effects: readonly Effect[];
}

/** A graph as it stands when it is asked for, with the leaves it reads and a key for its structure. */
export interface Capture extends CapturedGraph {
  readonly key: PlanKey;
  /** For each node of `order` that is a leaf, its value at this moment. */
  readonly sources: readonly (Source | undefined)[];
  /** Those of each node of `order`. */
  readonly scalars: readonly Scalars[];
}

/**
 * Takes down the graph behind `results` and `effects`.
 *
 * @param meet is told of each leaf before its value is looked for
 * @throws StaleTensorError where a variable has changed since the graph read it.
 */
export function capture(
  results: readonly Node[],
  effects: readonly Effect[],
  meet: (leaf: Node) => void = () => {},
): Capture {
  const own = results.map((node) => (memoryOf(node).leaf ? copyOf(node) : node));
  const order = topological([...own, ...effects.map(({ node }) => node)]);
  const sources: (Source | undefined)[] = [];
  const scalars: Scalars[] = [];
  const key = new PlanKey();
  order.forEach((node, i) => {
    node.position = i;
    if (node.leaf) meet(node);
    sources.push(node.leaf && sourceOf(presentLeaf(node)));
    scalars.push(node.scalars);
    key.addNode(node);
  });
  key.addPositions(own);
  key.add(effects.length);
  for (const { early } of effects) key.add(!early);
  return { key, order, sources, scalars, results: own, effects };
}

/** The same graph once more, which stays as it is when values of the original have been computed. */
export function copyOfGraph({ order, results, effects }: CapturedGraph): CapturedGraph {
  const copies = copiesOf(order);
  const copy = (node: Node) => copies.get(node) as Node;
  return {
    order: order.map(copy),
    results: results.map(copy),
    effects: effects.map((effect) => ({ ...effect, node: copy(effect.node) })),
  };
}

/** Where the value of a leaf is at this moment. */
export function sourceOf(leaf: Leaf): Source {
  if (leaf.kind === 'host') return { data: leaf.data };
  if (leaf.kind === 'cell') return { location: leaf.cell.location, version: leaf.version };
  return { location: { storage: leaf.storage, offset: 0, bytes: leaf.storage.bytes } };
}

/**
 * The leaf that a node is, whose value is there.
 * @throws StaleTensorError where its variable has changed since it was read.
 * @throws WgradError where it was disposed of.
 */
export function presentLeaf(node: Node): Leaf {
  const { leaf } = node;
  if (leaf?.kind === 'cell' && leaf.version.failure) throw leaf.version.failure.reason;
  if (leaf?.kind === 'cell' && leaf.version !== leaf.cell.version) {
    throw new StaleTensorError(
      `A tensor was built from variable '${leaf.cell.name}' before its value was replaced, and is asked for ` +
        'only now, when that older value is gone. What an optimizer is to compute with its step is given to it: optimizer.step(loss, { alongside: [t] }). ' +
        "Else realise it (await t.data()) before the variable changes, or build it anew from the variable's present value.",
    );
  }
  if (leaf?.kind === 'stored' && leaf.storage.isDisposed) {
    throw new WgradError(
      `A tensor of shape [${node.shape}] was used after dispose(). Dispose of tensors only when nothing uses them any more.`,
    );
  }
  if (!leaf) throw new Error(`${node.op.name} has not been computed`);
  return leaf;
}
