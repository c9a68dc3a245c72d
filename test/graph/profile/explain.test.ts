import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  conv2d,
  device,
  explain,
  grad,
  ones,
  profile,
  realize,
  StaleTensorError,
  tensor,
  Variable,
} from '../../../src/index.ts';
import { rejects } from '../../tensor/refusal.ts';

const test = suite('explain');

const build = () => {
  const weights = new Variable(ones([64, 10]), { name: 'weights' });
  const loss = ones([32, 64]).matMul(weights.value).exp().mean();
  return { weights, loss };
};

test('it lists what is run when the tensors are computed together, and runs nothing', async () => {
  const { weights, loss } = build();
  await weights.data();
  const on = await device();
  const before = { ...on.counters };
  const { rows } = await explain(loss, ...grad(loss, [weights]));
  assert.equal(on.counters, before);
  const named = rows.map(({ us, share, gbPerSecond, tflopPerSecond, ...row }) => row);
  const profiled = await profile(() => {
    const loss = ones([32, 64]).matMul(weights.value).exp().mean();
    return realize(loss, ...grad(loss, [weights]));
  });
  const ran = profiled.rows.map(({ us, share, gbPerSecond, tflopPerSecond, ...row }) => row);
  const inOrder = (list: typeof named) => list.map((row) => JSON.stringify(row)).sort();
  assert.equal(inOrder(named), inOrder(ran));
});

test('printed, it is a table without times', async () => {
  const text = String(await explain(build().loss));
  assert.match(text, /^kernel +shapes +calls +workgroups +MB +MFLOP\n/);
  assert.match(text, /^matmul\w* .*→ 32×10 /m);
});

test('operations of a convolution are those of its definition, in all three directions', async () => {
  const [image, filter] = [ones([2, 6, 6, 8]), ones([3, 3, 8, 16])];
  const result = conv2d(image, filter, { padding: 'same' });
  for (const one of [result, ...grad(result.square().sum(), [image, filter])]) {
    const { rows } = await explain(one);
    const counted = rows.flatMap(({ flops }) => flops ?? []);
    assert.equal(new Set(counted), new Set([2 * (2 * 6 * 6) * (3 * 3 * 8) * 16]));
  }
});

test('what is there already takes nothing', async () => {
  const there = tensor([1, 2, 3]).add(1);
  await there.data();
  assert.equal((await explain(there, tensor([1]))).rows, []);
});

test('what a variable was assigned is computed for a tensor that reads it', async () => {
  const { weights } = build();
  await weights.data();
  weights.assign(weights.value.mul(2).exp());
  const { rows } = await explain(weights.value.sum());
  assert.ok(rows.some(({ shapes }) => shapes.includes('64×10')));
});

test('mistakes are told', async () => {
  await rejects(() => explain([1, 2] as never), ArgumentError, /explain/);
  const { weights, loss } = build();
  await weights.data();
  weights.assign(ones([64, 10]).mul(3));
  await weights.data();
  await rejects(() => explain(loss), StaleTensorError, /weights/);
});

test.run();
