import type { DType, HostArray } from '../kernels/dtype.ts';
import { product } from '../kernels/launch.ts';
import type { Attributes, Operation } from './operation.ts';
import type { Location, Storage } from './storage.ts';

/** Where a node's value already is, so that nothing has to be computed for it. */
export type Leaf =
  | { readonly kind: 'host'; readonly data: HostArray }
  | { readonly kind: 'stored'; readonly storage: Storage }
  | { readonly kind: 'cell'; readonly cell: Versioned; readonly version: Version };

/** One of the values that a cell has, one after the other. */
export interface Version {
  /** Why there is no such value: what should have computed it failed. */
  readonly failure: { readonly reason: unknown } | undefined;
}

/** What holds a value that is replaced from time to time. */
interface Versioned {
  readonly name: string;
  /** The present one. */
  readonly version: Version;
  readonly location: Location;
}

/** Numbers that an op carries, by name. */
export type Scalars = Readonly<Record<string, number>>;

/**
 * An op applied to inputs. Building one touches no device. `attributes` shape the computation and
 * are part of a plan's identity; `scalars` are named numbers that may differ from step to step.
 */
export class Node<S extends readonly number[] = readonly number[], D extends DType = DType> {
  readonly op: Operation;
  inputs: readonly Node[];
  readonly attributes: Attributes;
  readonly scalars: Scalars;
  readonly shape: S;
  readonly dtype: D;
  /** Set from the start on leaves, and once a node has been realised. */
  leaf: Leaf | undefined;
  /** Its inputs were let go, because the cells behind them have changed. */
  released = false;
  /** The last walk that came by: a field costs less than a set of nodes, of which each step walks all. */
  visit = 0;
  /** Its number in the graph that was captured last. */
  position = -1;

  constructor(
    op: Operation,
    inputs: readonly Node[],
    type: { readonly shape: S; readonly dtype: D },
    attributes: Attributes = {},
    scalars: Scalars = {},
    leaf?: Leaf,
  ) {
    this.op = op;
    this.inputs = inputs;
    this.shape = type.shape;
    this.dtype = type.dtype;
    this.attributes = attributes;
    this.scalars = scalars;
    this.leaf = leaf;
  }

  get size(): number {
    return product(this.shape);
  }
}

/** @throws Error where an op carries no scalar of that name. */
export function scalarOf(scalars: Scalars, name: string, op = 'op'): number {
  const value = scalars[name];
  if (value !== undefined) return value;
  const names = Object.keys(scalars).join(', ') || 'none';
  throw new Error(`${op}: the scalar ${name} is missing. It carries ${names}.`);
}

const NONE: readonly Node[] = [];

/** Nodes that must be looked at to compute `roots`, inputs before users; each once. Stops at leaves. */
export function topological(roots: readonly Node[]): Node[] {
  return topologicalBy(roots, (node) => (node.leaf ? NONE : node.inputs));
}

/** Nodes `roots` were made from, also behind values already computed, but not behind `isEnd`. */
export function topologicalThroughValues(
  roots: readonly Node[],
  isEnd: (node: Node) => boolean = () => false,
): Node[] {
  return topologicalBy(roots, (node) => (isEnd(node) ? NONE : node.inputs));
}

let visits = 0;

/** The same where `inputsOf` says what comes before a node. */
export function topologicalBy(
  roots: readonly Node[],
  inputsOf: (node: Node) => readonly Node[],
): Node[] {
  const visit = ++visits;
  const order: Node[] = [];
  // An explicit stack: graphs of unrolled loops are deeper than the call stack allows.
  const stack: Node[] = [];
  const inputs: (readonly Node[])[] = [];
  const next: number[] = [];
  const enter = (node: Node) => {
    if (node.visit === visit) return;
    node.visit = visit;
    stack.push(node);
    inputs.push(inputsOf(node));
    next.push(0);
  };
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const at = next[top] as number;
      const input = (inputs[top] as readonly Node[])[at];
      if (input) {
        next[top] = at + 1;
        enter(input);
      } else {
        order.push(stack.pop() as Node);
        inputs.pop();
        next.pop();
      }
    }
  }
  return order;
}
