import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Flow } from '../../../../../src/device/wasm/compiler/lower/flow.ts';
import type { Variable } from '../../../../../src/device/wasm/compiler/syntax/tree.ts';
import { U32 } from '../../../../../src/device/wasm/compiler/syntax/types.ts';
import { floatOf } from '../../../../../src/device/wasm/compiler/values/bits.ts';
import { Graph, real, type Value } from '../../../../../src/device/wasm/compiler/values/graph.ts';
import type { Op } from '../../../../../src/device/wasm/compiler/values/opcodes.ts';
import { type Agenda, schedule } from '../../../../../src/device/wasm/compiler/values/schedule.ts';
import { reduceStrength } from '../../../../../src/device/wasm/compiler/values/strength.ts';

const test = suite('graph of values');

function variable(name: string): Variable {
  return { name, type: U32, space: 'function', writable: true, constant: undefined, binding: -1 };
}

/** A node as text, constants as numbers. */
function show(node: Value): string {
  if (node.op === 'i32.const') return String(node.imm[0]);
  if (node.op === 'f32.const') return `${floatOf(node.imm[0] as number)}f`;
  if (node.op === 'parameter') return `p${node.imm[0]}`;
  return `${node.op}(${node.args.map(show).join(', ')})`;
}

/** The block that a node is computed in. */
function blockOf(node: Value, { before }: Agenda) {
  return [...before.keys()].find((block) =>
    before.get(block)?.some((list) => list?.includes(node)),
  );
}

test('equal operations are one node', () => {
  const graph = new Graph();
  const [a, b] = [graph.parameter(1), graph.parameter(2)];
  assert.is(graph.pure('i32.mul', [a, b]), graph.pure('i32.mul', [a, b]));
  assert.is.not(graph.pure('i32.mul', [a, b]), graph.pure('i32.mul', [b, a]));
});

test('constants fold, as WGSL computes', () => {
  const graph = new Graph();
  const i = (op: Op, x: number, y: number) => show(graph.pure(op, [graph.i32(x), graph.i32(y)]));
  assert.is(i('i32.add', 0x7fffffff, 1), '-2147483648');
  assert.is(i('i32.div_u', -1, 2), '2147483647');
  assert.is(i('i32.lt_u', 1, -1), '1');
  const sum = graph.pure('f32.add', [graph.f32(0.1), graph.f32(0.2)]);
  assert.is(show(sum), `${Math.fround(Math.fround(0.1) + Math.fround(0.2))}f`);
});

test('adding what has its sign turned on the bits is a subtraction', () => {
  const graph = new Graph();
  const [a, b] = [graph.parameter(1), graph.parameter(2)];
  const turned = graph.pure('v128.xor', [b, graph.v128(Array(4).fill(-0x80000000))]);
  assert.is(show(graph.pure('f32x4.add', [a, turned])), 'f32x4.sub(p1, p2)');
});

test('constants move outwards and powers of two become shifts', () => {
  const graph = new Graph();
  const x = graph.parameter(1);
  const index = graph.pure('i32.add', [graph.i32(3), x]);
  const bytes = graph.pure('i32.mul', [index, graph.i32(16)]);
  const address = graph.pure('i32.add', [graph.parameter(2), bytes]);
  assert.is(show(address), 'i32.add(i32.add(p2, i32.shl(p1, 4)), 48)');
});

test('v[i >> 2][i & 3] of vectors is one scalar address', () => {
  const graph = new Graph();
  const base = graph.load('i32.load', graph.parameter(0), 8, true);
  const i = graph.parameter(1);
  const high = graph.pure('i32.mul', [graph.pure('i32.shr_u', [i, graph.i32(2)]), graph.i32(16)]);
  const low = graph.pure('i32.mul', [graph.pure('i32.and', [i, graph.i32(3)]), graph.i32(4)]);
  const address = graph.pure('i32.add', [graph.pure('i32.add', [base, high]), low]);
  assert.is(show(address), 'i32.add(i32.shl(p1, 2), i32.load(p0))');
});

test('the number of a workgroup comes out of its coordinates', () => {
  const graph = new Graph();
  const [n, d] = [graph.parameter(1), graph.parameter(3)];
  const x = graph.pure('i32.rem_u', [n, d]);
  const y = graph.pure('i32.div_u', [n, d]);
  assert.is(graph.pure('i32.add', [x, graph.pure('i32.mul', [y, d])]), n);
});

test('a splat of a load is a load that splats, of a lane a shuffle', () => {
  const graph = new Graph();
  const load = graph.load('f32.load', graph.parameter(0), 4, false);
  assert.is(graph.pure('f32x4.splat', [load]).op, 'v128.load32_splat');
  const vector = graph.load('v128.load', graph.parameter(0), 16, false);
  const lane = graph.pure('f32x4.extract_lane', [vector], [2]);
  const dup = graph.pure('f32x4.splat', [lane]);
  assert.is(dup.op, 'i8x16.shuffle');
  assert.is(dup.imm[0], 8);
});

test('where paths meet, only what differs gets a phi', () => {
  const graph = new Graph();
  const flow = new Flow(graph);
  const [x, y] = [variable('x'), variable('y')];
  flow.set(x, graph.i32(1));
  flow.set(y, graph.i32(2));
  flow.choose(
    graph.parameter(1),
    () => flow.set(x, graph.i32(5)),
    () => {},
  );
  assert.is((flow.get(x) as Value).op, 'phi.i32');
  assert.is(show(flow.get(y) as Value), '2');
});

test('a constant condition leaves no branch, an unchanged variable no phi', () => {
  const graph = new Graph();
  const flow = new Flow(graph);
  const x = variable('x');
  flow.set(x, graph.parameter(1));
  flow.choose(
    graph.i32(1),
    () => {},
    () => flow.set(x, graph.i32(9)),
  );
  assert.is(graph.root.statements.length, 0);
  flow.loop(new Set([x]), (again) => flow.choose(graph.parameter(2), again, () => {}));
  assert.is(show(real(flow.get(x) as Value)), 'p1');
});

/** `do { *(base + (i << 2)) = k · k; i += step } while (i < end)` */
function storeLoop(graph: Graph): { square: Value; store: Value } {
  const flow = new Flow(graph);
  const i = variable('i');
  flow.set(i, graph.parameter(1));
  let square = graph.i32(0);
  let store = square;
  flow.loop(new Set([i]), (again) => {
    const k = graph.parameter(4);
    square = graph.pure('i32.mul', [k, k]);
    const bytes = graph.pure('i32.shl', [flow.get(i) as Value, graph.i32(2)]);
    const address = graph.pure('i32.add', [graph.parameter(0), bytes]);
    store = graph.effect('i32.store', [address, square], [0]);
    flow.set(i, graph.pure('i32.add', [flow.get(i) as Value, graph.parameter(3)]));
    flow.choose(graph.pure('i32.lt_u', [graph.parameter(5), graph.i32(3)]), again, () => {});
  });
  return { square, store };
}

test('a choice of the larger or smaller of two is one instruction', () => {
  const graph = new Graph();
  const [x, limit] = [graph.pure('f32x4.splat', [graph.parameter(1)]), graph.v128([0, 0, 0, 0])];
  const chosen = (test: 'f32x4.lt' | 'f32x4.gt', yes: typeof x, no: typeof x) =>
    graph.pure('v128.bitselect', [yes, no, graph.pure(test, [x, limit])]).op;
  assert.is(chosen('f32x4.lt', limit, x), 'f32x4.pmax');
  assert.is(chosen('f32x4.gt', limit, x), 'f32x4.pmin');
  // The other way round NaN would be the limit.
  assert.not(chosen('f32x4.lt', x, limit).startsWith('f32x4.p'));
});

test('bits beyond those of infinity are a comparison with itself', () => {
  const graph = new Graph();
  const [x, four] = [graph.pure('f32.reinterpret_i32', [graph.parameter(1)]), [0, 0, 0, 0]];
  const bits = graph.pure('i32.reinterpret_f32', [x]);
  const beyond = (from: typeof x, limit: number) =>
    graph.pure('i32.gt_u', [
      graph.pure('i32.and', [from, graph.i32(0x7fffffff)]),
      graph.i32(limit),
    ]);
  const test = beyond(bits, 0x7f800000);
  assert.is(show(test), show(graph.pure('f32.ne', [x, x])));
  // Other bits, and another limit, are what they are.
  assert.is(beyond(graph.parameter(2), 0x7f800000).op, 'i32.gt_u');
  assert.is(beyond(bits, 0x7f7fffff).op, 'i32.gt_u');
  const lanes = (value: number) => graph.v128(four.map(() => value));
  const vector = graph.pure('f32x4.splat', [x]);
  const magnitudes = graph.pure('v128.and', [vector, lanes(0x7fffffff)]);
  assert.is(graph.pure('i32x4.gt_u', [magnitudes, lanes(0x7f800000)]).op, 'f32x4.ne');
  assert.is(graph.pure('i32x4.gt_u', [magnitudes, lanes(0x7f7fffff)]).op, 'i32x4.gt_u');
});

test('what a loop does not change is computed before it', () => {
  const graph = new Graph();
  const { square } = storeLoop(graph);
  assert.is(blockOf(square, schedule(graph)), graph.root);
});

test('an address that grows with a counter becomes a counter', () => {
  const graph = new Graph();
  const { store } = storeLoop(graph);
  reduceStrength(graph);
  schedule(graph);
  assert.is((store.args[0] as Value).op, 'phi.i32');
  const loop = graph.root.statements.find(({ kind }) => kind === 'loop');
  assert.is(loop?.kind === 'loop' ? loop.phis.length : 0, 1, 'the old counter is gone');
});

test('a value that only one branch wants is computed there', () => {
  const graph = new Graph();
  const flow = new Flow(graph);
  const product = graph.pure('i32.mul', [graph.parameter(1), graph.parameter(2)]);
  flow.choose(
    graph.parameter(3),
    () => graph.effect('i32.store', [graph.parameter(0), product], [0]),
    () => {},
  );
  const agenda = schedule(graph);
  const [statement] = graph.root.statements;
  assert.is(blockOf(product, agenda), statement?.kind === 'if' ? statement.then : undefined);
});

test.run();
