import { Mistake } from '../error.ts';
import { asNumeric } from '../syntax/checked.ts';
import type { Index, Variable } from '../syntax/tree.ts';
import { I32, isNumeric, scalar, sizeOf, strideOf, type Type } from '../syntax/types.ts';
import { constantOf } from '../values/bits.ts';
import { real, type Value } from '../values/graph.ts';
import type { Op } from '../values/opcodes.ts';
import { operand } from '../values/operand.ts';
import { PARAMETERS } from '../values/parameters.ts';
import * as arithmetic from './arithmetic.ts';
import { registerOf } from './arithmetic.ts';
import {
  type Contents,
  isParts,
  isPlace,
  type LocalPlace,
  type MemoryPlace,
  type Place,
  partOf,
  partsIn,
  partType,
  registerIn,
} from './contents.ts';
import type { Context, Scratch } from './context.ts';

/** Constant distances up to this are left to the load; the runtime keeps so much memory below. */
const FAR = 1024;

/** The place a variable names. */
export function placeOf(context: Context, variable: Variable, at: number): Place {
  const { graph, flow } = context;
  const { type, space } = variable;
  if (space === 'uniform' || space === 'storage') {
    const bindings = graph.parameter(PARAMETERS.bindings);
    const address = graph.load('i32.load', bindings, variable.binding * 8, true);
    const constant = !variable.writable;
    const safe = space === 'uniform';
    const { name } = variable;
    return { kind: 'memory', name, address, offset: 0, type, constant, safe, resource: variable };
  }
  if (space === 'workgroup') {
    const offset = context.workgroup.get(variable);
    if (offset === undefined) throw new Error(`${variable.name} is in no workgroup`);
    return scratchPlace(graph.parameter(PARAMETERS.scratch), offset, variable);
  }
  const value = flow.get(variable);
  if (value === undefined) throw new Mistake(at, `'${variable.name}' is not available here`);
  if (isPlace(value) && type.kind !== 'pointer') return value;
  return { kind: 'local', variable, path: [], type };
}

export function scratchPlace(address: Value, offset: number, variable: Variable): MemoryPlace {
  return {
    kind: 'memory',
    name: variable.name,
    address,
    offset,
    type: variable.type,
    constant: false,
    safe: false,
    resource: undefined,
  };
}

/** The address of the memory that the running invocation has for itself. */
export function invocationOf({ invocation }: Scratch): Value {
  if (!invocation) throw new Error('no invocation runs here');
  return invocation;
}

/** The place of a large variable, in the memory that each invocation has for itself. */
export function spilledPlace(context: Context, variable: Variable): MemoryPlace {
  const { scratch } = context;
  let offset = scratch.spilled.get(variable);
  if (offset === undefined) {
    offset = scratch.invocationBytes;
    scratch.spilled.set(variable, offset);
    scratch.invocationBytes += Math.ceil(sizeOf(variable.type) / 16) * 16;
  }
  return scratchPlace(invocationOf(scratch), offset, variable);
}

/** The element of an array or vector; `written` is the expression that names it, if one does. */
export function elementOf<P extends Place>(
  context: Context,
  place: P,
  index: Value,
  written?: Index,
): P;
export function elementOf(context: Context, place: Place, index: Value, written?: Index): Place {
  const { type } = place;
  const element = type.kind === 'array' ? type.element : scalar(asNumeric(type).scalar);
  const inside = clamped(context, place, index, written);
  if (place.kind === 'local') {
    const step = constantOf(inside) ?? inside;
    return { ...place, path: [...place.path, step], type: element };
  }
  const stride = type.kind === 'array' ? strideOf(type) : 4;
  return moved(context, { ...place, type: element }, inside, stride);
}

function moved(context: Context, place: MemoryPlace, index: Value, stride: number): MemoryPlace {
  const { graph } = context;
  const constant = constantOf(index);
  if (constant !== undefined && constant >= 0 && constant * stride < 2 ** 30) {
    return { ...place, offset: place.offset + constant * stride };
  }
  const bytes = graph.pure('i32.mul', [index, graph.i32(stride)]);
  return { ...place, address: graph.pure('i32.add', [place.address, bytes]), safe: false };
}

/** In bounds mode, an index brought into its array; that it was outside is noted. */
function clamped(context: Context, place: Place, index: Value, written: Index | undefined): Value {
  const { type } = place;
  if (!context.checks || !written) return index;
  if (type.kind !== 'array' || type.count !== undefined || place.kind === 'local') {
    return indexWithin(context, type, index, written, nameOf(place));
  }
  return inRange(context, index, lengthOf(context, place), written, nameOf(place));
}

function nameOf(place: Place): string {
  return place.kind === 'local' ? place.variable.name : place.name;
}

/** In bounds mode, the number of a part that a value of type `type` has. */
export function indexWithin(
  context: Context,
  type: Type,
  index: Value,
  written: Index,
  variable: string,
): Value {
  const count = type.kind === 'array' ? (type.count ?? 0) : widthOf(type);
  return inRange(context, index, context.graph.i32(count), written, variable);
}

function inRange(
  { graph, checks }: Context,
  index: Value,
  length: Value,
  { at, index: { type } }: Index,
  variable: string,
): Value {
  if (!checks) return index;
  const inside = graph.pure('i32.lt_u', [index, length]);
  checks.note(inside, index, length, { variable, at, signed: type === I32 });
  return graph.pure('i32.select', [index, graph.pure('i32.sub', [length, graph.i32(1)]), inside]);
}

function widthOf(type: Type): number {
  return type.kind === 'vector' ? type.width : 1;
}

/** The number of elements of an array that is as long as its binding. */
export function lengthOf(context: Context, place: MemoryPlace): Value {
  const { graph } = context;
  const { resource, type } = place;
  const bindings = graph.parameter(PARAMETERS.bindings);
  const bytes = graph.load('i32.load', bindings, (resource?.binding ?? 0) * 8 + 4, true);
  const rest = place.offset === 0 ? bytes : graph.pure('i32.sub', [bytes, graph.i32(place.offset)]);
  const stride = type.kind === 'array' ? strideOf(type) : 4;
  return graph.pure('i32.div_u', [rest, graph.i32(stride)]);
}

export function memberOf<P extends Place>(place: P, index: number): P;
export function memberOf(place: Place, index: number): Place {
  const { type } = place;
  if (type.kind !== 'struct') throw new Error('only structs have members');
  const member = type.members[index];
  if (!member) throw new Error(`${type.name} has no member ${index}`);
  if (place.kind === 'local') {
    return { ...place, path: [...place.path, index], type: member.type };
  }
  return { ...place, offset: place.offset + member.offset, type: member.type };
}

// Reading

export function read(context: Context, place: Place): Contents {
  return place.kind === 'memory' ? readMemory(context, place) : readLocal(context, place);
}

function readMemory(context: Context, place: MemoryPlace): Contents {
  const { type } = place;
  if (type.kind === 'array') {
    return Array.from({ length: type.count ?? 0 }, (_, i) =>
      readMemory(context, elementOf(context, place, context.graph.i32(i))),
    );
  }
  if (type.kind === 'struct') {
    return type.members.map((_, i) => readMemory(context, memberOf(place, i)));
  }
  const { graph } = context;
  const { address, offset } = addressOf(context, place);
  const isPair = type.kind === 'vector' && type.width === 2;
  const op: Op = isPair ? 'v128.load64_zero' : `${registerOf(type)}.load`;
  return place.constant
    ? graph.load(op, address, offset, place.safe)
    : graph.effect(op, [address], [offset]);
}

function addressOf(context: Context, place: MemoryPlace): { address: Value; offset: number } {
  const { graph } = context;
  let address = real(place.address);
  let { offset } = place;
  if (address.op === 'i32.add') {
    const near = constantOf(operand(address, 1));
    if (near !== undefined && near + offset >= 0 && near + offset <= FAR) {
      address = operand(address, 0);
      offset += near;
    }
  }
  if (place.safe || (offset >= 0 && offset <= FAR)) return { address, offset };
  return { address: graph.pure('i32.add', [place.address, graph.i32(place.offset)]), offset: 0 };
}

function readLocal(context: Context, place: LocalPlace): Contents {
  return readPath(context, context.flow.contents(place.variable), place.variable.type, place.path);
}

/** A part of a value; where a number of the path is unknown, one of the parts is picked. */
export function readPath(
  context: Context,
  value: Contents,
  type: Type,
  path: readonly (number | Value)[],
): Contents {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const { graph } = context;
  if (type.kind === 'vector') {
    const vector = registerIn(value);
    return typeof step === 'number'
      ? arithmetic.lane(graph, vector, type.scalar, step)
      : arithmetic.dynamicLane(graph, vector, type.scalar, step);
  }
  if (typeof step === 'number') {
    return readPath(context, partOf(value, step), partType(type, step), rest);
  }
  // The rest of the path first: it makes smaller parts to pick from.
  const candidates = partsIn(value).map((part, i) =>
    readPath(context, part, partType(type, i), rest),
  );
  return pick(context, candidates, step);
}

function pick(context: Context, candidates: readonly Contents[], index: Value): Contents {
  const [first] = candidates;
  if (first && isParts(first)) {
    return first.map((_, i) =>
      pick(
        context,
        candidates.map((candidate) => partOf(candidate, i)),
        index,
      ),
    );
  }
  const { graph } = context;
  const node = registerIn(first);
  const nodes = candidates.map(registerIn);
  if (nodes.every((other) => real(other) === real(node))) return node;
  if (!node.type) throw new Error(`${node.op} has no value to pick`);
  return graph.pure(`pick.${node.type}`, [...nodes, index]);
}

// Writing

export function write(context: Context, place: Place, value: Contents): void {
  if (place.kind === 'memory') writeMemory(context, place, value);
  else {
    const { flow } = context;
    const whole = flow.contents(place.variable);
    flow.set(place.variable, writePath(context, whole, place.variable.type, place.path, value));
  }
}

function writeMemory(context: Context, place: MemoryPlace, value: Contents): void {
  const { type } = place;
  const { graph } = context;
  if (isParts(value)) {
    value.forEach((part, i) => {
      const target =
        type.kind === 'struct' ? memberOf(place, i) : elementOf(context, place, graph.i32(i));
      writeMemory(context, target, part);
    });
    return;
  }
  const node = registerIn(value);
  const { address, offset } = addressOf(context, place);
  if (type.kind !== 'vector' || type.width === 4) {
    graph.effect(`${registerOf(type)}.store`, [address, node], [offset]);
    return;
  }
  graph.effect('v128.store64_lane', [address, node], [offset, 0]);
  if (type.width === 3) graph.effect('v128.store32_lane', [address, node], [offset + 8, 2]);
}

function writePath(
  context: Context,
  whole: Contents,
  type: Type,
  path: readonly (number | Value)[],
  value: Contents,
): Contents {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const { graph } = context;
  if (type.kind === 'vector') {
    const [vector, lane] = [registerIn(whole), registerIn(value)];
    return typeof step === 'number'
      ? arithmetic.withLane(graph, vector, lane, type.scalar, step)
      : arithmetic.withDynamicLane(graph, vector, lane, type.scalar, step);
  }
  return partsIn(whole).map((part, i) => {
    const own = partType(type, i);
    if (typeof step === 'number') {
      return i === step ? writePath(context, part, own, rest, value) : part;
    }
    const changed = writePath(context, part, own, rest, value);
    const here = graph.pure('i32.eq', [step, graph.i32(i)]);
    return chosen(context, own, part, changed, here);
  });
}

/** `yes` where the test holds, else `no`, part by part. */
function chosen(context: Context, type: Type, no: Contents, yes: Contents, test: Value): Contents {
  if (isNumeric(type)) {
    return arithmetic.select(context.graph, type, registerIn(no), registerIn(yes), test, false);
  }
  return partsIn(no).map((part, i) =>
    chosen(context, partType(type, i), part, partOf(yes, i), test),
  );
}
