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
  private text: string | undefined;

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

  /** What this node computes, apart from where its inputs come from. */
  get signature(): string {
    this.text ??= `${this.op.name}${attributesText(this.attributes)}${this.dtype}[${this.shape}]`;
    return this.text;
  }
}

/** @throws Error where the node carries no scalar of that name. */
export function scalarOf({ op, scalars }: Node, name: string): number {
  const value = scalars[name];
  if (value !== undefined) return value;
  const names = Object.keys(scalars).join(', ') || 'none';
  throw new Error(`${op.name}: the scalar ${name} is missing. It carries ${names}.`);
}

function attributesText(attributes: Attributes): string {
  for (const _ in attributes) return JSON.stringify(attributes);
  return '';
}

/** Nodes that must be looked at to compute `roots`, inputs before users; each once. Stops at leaves. */
export function topological(roots: readonly Node[]): Node[] {
  return ordered(roots, (node) => (node.leaf ? [] : node.inputs));
}

/** Nodes `roots` were made from, also behind values already computed, but not behind `isEnd`. */
export function topologicalThroughValues(
  roots: readonly Node[],
  isEnd: (node: Node) => boolean = () => false,
): Node[] {
  return ordered(roots, (node) => (isEnd(node) ? [] : node.inputs));
}

function ordered(roots: readonly Node[], inputsOf: (node: Node) => readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; inputs: readonly Node[]; next: number }[] = [];
  const enter = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, inputs: inputsOf(node), next: 0 });
  };
  // An explicit stack: graphs of unrolled loops are deeper than the call stack allows.
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { node: Node; inputs: readonly Node[]; next: number };
      const input = top.inputs[top.next++];
      if (input) {
        enter(input);
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
