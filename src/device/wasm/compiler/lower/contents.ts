import { type Constant, constantParts, type Variable } from '../syntax/tree.ts';
import type { Type } from '../syntax/types.ts';
import { bitsOf } from '../values/bits.ts';
import type { Graph, Value } from '../values/graph.ts';
import { registerOf } from './arithmetic.ts';

/** A piece of linear memory that holds a value. */
export interface MemoryPlace {
  readonly kind: 'memory';
  /** The variable that it is a part of. */
  readonly name: string;
  readonly address: Value;
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
  readonly path: readonly (number | Value)[];
  readonly type: Type;
}

export type Place = MemoryPlace | LocalPlace;

/** What a variable holds and an expression comes to: one register, parts of an array or struct, or a pointer. */
export type Contents = Value | readonly Contents[] | Place;

export function isParts(value: Contents): value is readonly Contents[] {
  return Array.isArray(value);
}

export function isPlace(value: Contents): value is Place {
  return !isParts(value) && 'kind' in value;
}

export function isValue(value: Contents): value is Value {
  return !isParts(value) && !('kind' in value);
}

/** The register that a value is. */
export function registerIn(value: Contents | undefined): Value {
  if (!value || !isValue(value)) throw new Error('this value is not one register');
  return value;
}

/** The parts that a value is made of. */
export function partsIn(value: Contents | undefined): readonly Contents[] {
  if (!value || !isParts(value)) throw new Error('this value has no parts');
  return value;
}

/** One of the parts of a value. */
export function partOf(value: Contents | undefined, index: number): Contents {
  const part = partsIn(value)[index];
  if (!part) throw new Error(`this value has no part ${index}`);
  return part;
}

/** The type of one of a value's parts. */
export function partType(type: Type, index: number): Type {
  const part = type.kind === 'struct' ? type.members[index]?.type : undefined;
  if (part) return part;
  if (type.kind !== 'array') throw new Error(`a ${type.kind} has no part ${index}`);
  return type.element;
}

/** The nodes of a value, in order. */
export function leaves(value: Contents, into: Value[] = []): Value[] {
  if (isParts(value)) for (const part of value) leaves(part, into);
  else if (!isPlace(value)) into.push(value);
  return into;
}

export function mapLeaves(value: Contents, change: (node: Value) => Value): Contents {
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

export function constantValue(graph: Graph, type: Type, constant: Constant): Contents {
  const items = constantParts(constant);
  if (type.kind === 'array') {
    return items.map((item) => constantValue(graph, type.element, item));
  }
  if (type.kind === 'struct') {
    return items.map((item, i) => constantValue(graph, partType(type, i), item));
  }
  if (type.kind === 'vector') {
    const lanes = items.map((item) => {
      if (typeof item === 'boolean') return item ? -1 : 0;
      return type.scalar === 'f32' ? bitsOf(Number(item)) : Number(item);
    });
    const [first = 0] = lanes;
    while (lanes.length < 4) lanes.push(first);
    return graph.v128(lanes);
  }
  const number = Number(constant);
  return registerOf(type) === 'f32' ? graph.f32(number) : graph.i32(number);
}
