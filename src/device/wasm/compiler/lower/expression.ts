import { barrierMisplaced, Mistake } from '../error.ts';
import { asNumeric, declared, numeric, typed } from '../syntax/checked.ts';
import { hasBarrier } from '../syntax/survey.ts';
import { swizzleLane, swizzleLanes } from '../syntax/swizzle.ts';
import type { Binary, Call, Expression, Index, MemberAccess, Variable } from '../syntax/tree.ts';
import { isNumeric, type Numeric, type StructType, scalar, typeName } from '../syntax/types.ts';
import { constantOf } from '../values/bits.ts';
import type { Value } from '../values/graph.ts';
import { immediate } from '../values/operand.ts';
import * as arithmetic from './arithmetic.ts';
import { applyBuiltin } from './builtin.ts';
import { type Contents, constantValue, isPlace, type Place, registerIn } from './contents.ts';
import type { Context } from './context.ts';
import { isHarmless } from './harmless.ts';
import { elementOf, indexWithin, lengthOf, memberOf, placeOf, read, readPath } from './place.ts';

/** The value of an expression of a register's type. */
export function lowerValue(context: Context, expression: Expression): Value {
  return registerIn(lower(context, expression));
}

export function lower(context: Context, expression: Expression): Contents {
  const type = typed(expression);
  if (expression.constant !== undefined) {
    return constantValue(context.graph, type, expression.constant);
  }
  switch (expression.kind) {
    case 'name':
      return lowerName(context, declared(expression), expression.at);
    case 'binary':
      return lowerBinary(context, expression);
    case 'unary': {
      const { operator, operand } = expression;
      if (operator === '&') return lowerPlace(context, operand);
      if (operator === '*') return read(context, lowerPlace(context, expression));
      const node = lowerValue(context, operand);
      return arithmetic.unary(context.graph, operator, numeric(operand), node);
    }
    case 'index':
    case 'member':
      return lowerAccess(context, expression);
    case 'call':
      return lowerCall(context, expression);
    case 'literal':
      throw new Error('a literal is a constant');
  }
}

function lowerName(context: Context, variable: Variable, at: number): Contents {
  if (variable.space === 'let' || variable.type.kind === 'pointer') {
    const value = context.flow.get(variable);
    if (value === undefined) throw new Mistake(at, `'${variable.name}' is not available here`);
    return value;
  }
  return read(context, placeOf(context, variable, at));
}

/** The place an expression names: a variable, or a part of one. */
export function lowerPlace(context: Context, expression: Expression): Place {
  if (expression.kind === 'name') {
    const variable = declared(expression);
    if (variable.type.kind !== 'pointer') return placeOf(context, variable, expression.at);
    const value = lower(context, expression);
    if (isPlace(value)) return value;
  }
  if (expression.kind === 'unary' && expression.operator === '*') {
    const value = lower(context, expression.operand);
    if (isPlace(value)) return value;
  }
  if (expression.kind === 'unary' && expression.operator === '&') {
    return lowerPlace(context, expression.operand);
  }
  if (expression.kind === 'index') {
    const base = lowerPlace(context, expression.base);
    return elementOf(context, base, lowerValue(context, expression.index), expression);
  }
  if (expression.kind === 'member') {
    const base = lowerPlace(context, expression.base);
    if (base.type.kind === 'struct') return memberOf(base, memberIndex(base.type, expression.name));
    return elementOf(context, base, context.graph.i32(swizzleLane(expression.name)));
  }
  throw new Mistake(expression.at, 'this names no memory');
}

/** The one argument of a call that takes one. */
function argument({ args: [arg], callee }: Call): Expression {
  if (!arg) throw new Error(`${callee.name} is without an argument`);
  return arg;
}

function memberIndex(type: StructType, name: string): number {
  return type.members.findIndex((member) => member.name === name);
}

function lowerAccess(context: Context, expression: Index | MemberAccess): Contents {
  const { base } = expression;
  const { graph } = context;
  const baseType = typed(base);
  const inMemory = base.place !== undefined || baseType.kind === 'pointer';
  if (expression.kind === 'member') {
    const type = baseType.kind === 'pointer' ? baseType.target : baseType;
    if (type.kind === 'vector') {
      const lanes = swizzleLanes(expression.name);
      if (lanes.length > 1) {
        const whole = inMemory ? read(context, lowerPlace(context, base)) : lower(context, base);
        return arithmetic.swizzle(graph, registerIn(whole), lanes);
      }
    }
    if (inMemory) return read(context, lowerPlace(context, expression));
    const whole = lower(context, base);
    const step =
      type.kind === 'struct' ? memberIndex(type, expression.name) : swizzleLane(expression.name);
    return readPath(context, whole, type, [step]);
  }
  if (inMemory) return read(context, lowerPlace(context, expression));
  const whole = lower(context, base);
  const given = lowerValue(context, expression.index);
  const index = indexWithin(context, baseType, given, expression, nameOf(base));
  const step = constantOf(index) ?? index;
  return readPath(context, whole, baseType, [step]);
}

/** What an expression without a place of its own is called in messages. */
function nameOf(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'call') return expression.callee.name;
  return 'base' in expression ? nameOf(expression.base) : 'a value';
}

function lowerBinary(context: Context, expression: Binary): Value {
  const { operator, left, right } = expression;
  const { graph } = context;
  if (operator === '&&' || operator === '||') return shortCircuit(context, expression);
  const types = [numeric(left), numeric(right)] as const;
  const wide = types.find((type) => type.kind === 'vector');
  const side = (expression: Expression, own: Numeric) => {
    const node = lowerValue(context, expression);
    return wide && own.kind === 'scalar' ? arithmetic.splat(graph, node, own.scalar) : node;
  };
  const a = side(left, types[0]);
  const b = side(right, types[1]);
  const type = wide ? { ...wide, scalar: types[0].scalar } : types[0];
  return arithmetic.binary(graph, operator, type, a, b);
}

function shortCircuit(context: Context, { operator, left, right }: Binary): Value {
  const { graph, flow } = context;
  const a = lowerValue(context, left);
  if (a.op === 'i32.const') {
    const decided = (a.imm[0] !== 0) === (operator === '||');
    return decided ? a : lowerValue(context, right);
  }
  // What is watched happens only where the program says so.
  if (!context.checks && isHarmless(right)) {
    const b = lowerValue(context, right);
    if (b.op === 'i32.const') return (b.imm[0] !== 0) === (operator === '&&') ? a : b;
    return graph.pure(operator === '&&' ? 'i32.and' : 'i32.or', [a, b]);
  }
  const result: Variable = {
    name: operator,
    type: scalar('bool'),
    space: 'function',
    writable: true,
    constant: undefined,
    binding: -1,
  };
  flow.set(result, a);
  const other = () => flow.set(result, lowerValue(context, right));
  const nothing = () => {};
  if (operator === '&&') flow.choose(a, other, nothing);
  else flow.choose(a, nothing, other);
  return flow.register(result);
}

function lowerCall(context: Context, expression: Call): Contents {
  const { args, target } = expression;
  const type = typed(expression);
  switch (target?.kind) {
    case 'function': {
      // Regions run such calls themselves, with nothing evaluated in front.
      if (target.callee.barrier && hasBarrier(target.callee.body)) {
        throw barrierMisplaced(expression.at);
      }
      const values = args.map((arg) => lower(context, arg));
      return context.inline(target.callee, values) ?? [];
    }
    case 'bitcast': {
      const arg = argument(expression);
      const to = asNumeric(type);
      return arithmetic.bitcast(context.graph, numeric(arg), to, lowerValue(context, arg));
    }
    case 'construct':
      return construct(context, expression);
    case 'builtin': {
      if (target.name === 'arrayLength') {
        const place = lowerPlace(context, argument(expression));
        if (place.kind === 'local') throw new Error('no local array is as long as its binding');
        return lengthOf(context, place);
      }
      if (target.name.endsWith('Barrier')) throw barrierMisplaced(expression.at);
      const types = args.map(typed);
      const nodes = args.map((arg) => lowerValue(context, arg));
      return applyBuiltin(context, target.name, types, nodes);
    }
    default:
      throw new Error('the checker finds out what every call means');
  }
}

function construct(context: Context, expression: Call): Contents {
  const { graph } = context;
  const { args } = expression;
  const type = typed(expression);
  if (!isNumeric(type)) return args.map((arg) => lower(context, arg));
  const parts = args.map((arg): Part => ({ type: numeric(arg), node: lowerValue(context, arg) }));
  const [first, ...others] = parts;
  if (!first) throw new Error(`${typeName(type)} of nothing is a constant`);
  if (others.length > 0) return vectorOf(context, parts, first, type);
  if (first.type.kind === type.kind) return arithmetic.convert(graph, first.type, type, first.node);
  return arithmetic.splat(graph, first.node, type.scalar);
}

/** What a vector is made of: a scalar, or some lanes. */
interface Part {
  readonly type: Numeric;
  readonly node: Value;
}

function vectorOf(context: Context, parts: readonly Part[], head: Part, type: Numeric): Value {
  const { graph } = context;
  const lanes = parts.flatMap(({ type: own, node }) => {
    if (own.kind === 'scalar') return [node];
    return Array.from({ length: own.width }, (_, k) => arithmetic.lane(graph, node, own.scalar, k));
  });
  const [first = head.node] = lanes;
  if (lanes.every((lane) => lane === first)) return arithmetic.splat(graph, first, type.scalar);
  const width = head.type.kind === 'vector' ? head.type.width : 0;
  const start = width > 0 ? head.node : startOf(context, lanes, first, type);
  let result = start;
  lanes.forEach((lane, i) => {
    if (i < width || isIn(start, lane, i, type)) return;
    result = arithmetic.withLane(graph, result, lane, type.scalar, i);
  });
  return result;
}

/** The constant lanes of a vector, or its first lane in all. */
function startOf({ graph }: Context, lanes: readonly Value[], first: Value, type: Numeric): Value {
  const constant = lanes.map((lane) => (lane.op.endsWith('.const') ? lane.imm[0] : undefined));
  if (constant.every((bits) => bits === undefined)) {
    return arithmetic.splat(graph, first, type.scalar);
  }
  const bits = constant.map((own) => {
    if (own === undefined) return 0;
    return type.scalar === 'bool' ? -own : own;
  });
  while (bits.length < 4) bits.push(0);
  return graph.v128(bits);
}

function isIn(vector: Value, lane: Value, index: number, type: Numeric): boolean {
  if (vector.op === 'v128.const' && lane.op.endsWith('.const')) {
    const bits = immediate(lane);
    return vector.imm[index] === (type.scalar === 'bool' ? -bits : bits);
  }
  return index === 0 && vector.op.endsWith('.splat');
}
