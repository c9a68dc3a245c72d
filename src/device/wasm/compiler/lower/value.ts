import type { Constant, Variable } from '../syntax/tree.ts';
import type { Type } from '../syntax/types.ts';
import { bitsOf } from '../values/bits.ts';
import type { Graph, Node } from '../values/graph.ts';
import { registerOf } from './arithmetic.ts';

/** A piece of linear memory that holds a value. */
export interface MemoryPlace {
  readonly kind: 'memory';
  /** The variable that it is a part of. */
  readonly name: string;
  readonly address: Node;
  readonly offset: number;
  readonly type: Type;
  /** `constant` memory does not change while the kernel runs; `safe` addresses always exist. */
  readonly constant: boolean;
  readonly safe: boolean;
  /** The resource, where the array's length comes with the binding. */
  readonly resource: Variable | undefined;
}

/** A local variable, or a part of one. */
export interface LocalPlace {
  readonly kind: 'local';
  readonly variable: Variable;
  /** Element and member numbers; nodes where they are known only when the kernel runs. */
  readonly path: readonly (number | Node)[];
  readonly type: Type;
}

export type Place = MemoryPlace | LocalPlace;

/** What an expression comes to: one register, parts of an array or struct, or a pointer. */
export type Value = Node | readonly Value[] | Place;

export function isParts(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isPlace(value: Value): value is Place {
  return !isParts(value) && 'kind' in value;
}

export function isNode(value: Value): value is Node {
  return !isParts(value) && !('kind' in value);
}

/** The nodes of a value, in order. */
export function leaves(value: Value, into: Node[] = []): Node[] {
  if (isParts(value)) for (const part of value) leaves(part, into);
  else if (!isPlace(value)) into.push(value);
  return into;
}

export function mapLeaves(value: Value, change: (node: Node) => Node): Value {
  if (isParts(value)) return value.map((part) => mapLeaves(part, change));
  return isPlace(value) ? value : change(value);
}

/** Local variables of more registers than this live in memory. */
export const MOST_LEAVES = 64;

/** How many registers a value of a type takes. */
export function leafCount(type: Type): number {
  if (type.kind === 'array') return (type.count ?? 0) * leafCount(type.element);
  if (type.kind === 'struct') {
    return type.members.reduce((sum, member) => sum + leafCount(member.type), 0);
  }
  return 1;
}

export function constantValue(graph: Graph, type: Type, constant: Constant): Value {
  if (type.kind === 'array') {
    return (constant as readonly Constant[]).map((item) =>
      constantValue(graph, type.element, item),
    );
  }
  if (type.kind === 'struct') {
    return type.members.map((member, i) =>
      constantValue(graph, member.type, (constant as readonly Constant[])[i] as Constant),
    );
  }
  if (type.kind === 'vector') {
    const lanes = (constant as readonly (number | boolean)[]).map((item) => {
      if (typeof item === 'boolean') return item ? -1 : 0;
      return type.scalar === 'f32' ? bitsOf(item) : item;
    });
    while (lanes.length < 4) lanes.push(lanes[0] as number);
    return graph.v128(lanes);
  }
  const number = Number(constant);
  return registerOf(type) === 'f32' ? graph.f32(number) : graph.i32(number);
}
