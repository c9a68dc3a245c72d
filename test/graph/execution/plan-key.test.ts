import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { capture } from '../../../src/graph/execution/capture.ts';
import { PlanCache } from '../../../src/graph/execution/plan-cache.ts';
import type { PlanKey } from '../../../src/graph/execution/plan-key.ts';
import { Node } from '../../../src/graph/node.ts';
import type { Attributes, Operation } from '../../../src/graph/operation.ts';
import type { DType } from '../../../src/kernels/dtype.ts';

interface Graph {
  readonly op?: string;
  readonly attributes?: Attributes;
  readonly scalars?: Readonly<Record<string, number>>;
  readonly shape?: readonly number[];
  readonly dtype?: DType;
  readonly swapped?: boolean;
  readonly results?: 1 | 2;
}

const op = (name: string): Operation => ({
  name,
  lowering: { kind: 'elementwise', wgsl: ([x]) => `${x}` },
});

/** The key of `op(a, b)`, with leaves made anew. */
function keyOf(graph: Graph): PlanKey {
  const { dtype = 'f32', shape = [2], results = 1 } = graph;
  const type = { shape, dtype };
  const leaf = () =>
    new Node(op('host'), [], type, {}, {}, { kind: 'host', data: new Float32Array(2) });
  const [a, b] = [leaf(), leaf()];
  const inner = new Node(op('inner'), [a], type);
  const inputs = graph.swapped ? [b, inner] : [inner, b];
  const node = new Node(op(graph.op ?? 'outer'), inputs, type, graph.attributes, graph.scalars);
  return capture(results === 1 ? [node] : [node, inner], []).key;
}

const different: readonly Graph[] = [
  {},
  { op: 'other' },
  { op: 'outre' },
  { shape: [3] },
  { shape: [2, 1] },
  { shape: [1, 2] },
  { dtype: 'u32' },
  { dtype: 'i32' },
  { swapped: true },
  { results: 2 },
  { attributes: { a: 1 } },
  { attributes: { a: 1.5 } },
  { attributes: { b: 1 } },
  { attributes: { a: '1' } },
  { attributes: { a: true } },
  { attributes: { a: false } },
  { attributes: { a: undefined } },
  { attributes: { a: null } },
  { attributes: { a: Number.NaN } },
  { attributes: { a: [] } },
  { attributes: { a: [1] } },
  { attributes: { a: [1, 2] } },
  { attributes: { a: [2, 1] } },
  { attributes: { a: [[1], 2] } },
  { attributes: { a: [[1, 2]] } },
  { attributes: { a: {} } },
  { attributes: { a: { b: 1 } } },
  { attributes: { a: {}, b: 1 } },
  { attributes: { a: [1], b: 2 } },
];

test('graphs of one structure have equal keys, others differ', () => {
  different.forEach((one, i) => {
    different.forEach((other, k) => {
      const [a, b] = [keyOf(one), keyOf(other)];
      assert.is(a.equals(b), i === k, `${JSON.stringify(one)} and ${JSON.stringify(other)}`);
      if (i === k) assert.is(a.hash, b.hash);
    });
  });
});

test('scalars are no part of a key', () => {
  assert.ok(keyOf({ scalars: { rate: 1 } }).equals(keyOf({ scalars: { rate: 2 } })));
});

test('plans are found by equal keys, also where hashes are the same', () => {
  const plans = new PlanCache<string>();
  // Names of one length have one hash.
  const keys = ['abc', 'abd', 'abe', 'longer'].map((name) => keyOf({ op: name }));
  assert.is(keys[0]?.hash, keys[1]?.hash);
  keys.forEach((key, i) => {
    plans.add(key, `plan ${i}`);
  });
  assert.is(plans.size, 4);
  assert.is(plans.use(keyOf({ op: 'abd' })), 'plan 1');
  assert.is(plans.use(keyOf({ op: 'abf' })), undefined);
  // Those alike in hash are as old as the one of them used last.
  assert.is(plans.oldestFirst()[0]?.plan, 'plan 3');
  assert.is(plans.delete(keyOf({ op: 'abd' })), 'plan 1');
  assert.is(plans.delete(keyOf({ op: 'abd' })), undefined);
  assert.is(plans.use(keyOf({ op: 'abe' })), 'plan 2');
  assert.is(plans.size, 3);
});

test.run();
