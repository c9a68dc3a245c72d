import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, realize, tensor, Variable } from '../../../src/index.ts';
import { deviceCalls, NONE, submitsPerRead } from '../../device/device-calls.ts';

const range = (count: number, step = 1) => Float32Array.from({ length: count }, (_, i) => i * step);
const from = (data: Float32Array, ...shape: number[]) => tensor(data, shape);

async function numbers(x: AnyTensor): Promise<number[]> {
  return Array.from(await x.data());
}

test('the counters of device calls count', async () => {
  const calls = await deviceCalls(() =>
    numbers(from(range(6), 2, 3).mul(2).sub(0.25).tanh().sum()),
  );
  assert.ok(calls.submits >= 1);
  assert.ok(calls.pipelines > 0 && calls.shaders > 0 && calls.bindGroups > 0);
});

test('the same structure again creates nothing and is one submission', async () => {
  const run = (step: number) =>
    realize(from(range(300, step), 20, 15).exp().sum(0), from(range(15, step), 15).mul(2));
  await run(0.001);
  await run(0.002);
  const calls = await deviceCalls(() => run(0.003));
  assert.is(calls.submits, 1);
  assert.equal({ ...calls, submits: 0, buffers: 0 }, NONE);
});

test('reading results again and again needs no new buffer', async () => {
  const run = (k: number) => numbers(from(range(500), 500).mul(k));
  for (let k = 0; k < 3; k++) await run(k);
  const calls = await deviceCalls(async () => {
    for (let k = 0; k < 5; k++) assert.is((await run(k))[499], 499 * k);
  });
  // One submission computes, and on a GPU another copies to where the host can read.
  assert.equal(calls, { ...NONE, submits: 5 * (1 + (await submitsPerRead())) });
});

test('another number is no other structure', async () => {
  const run = (k: number) => numbers(from(range(5), 5).mul(k).add(1));
  await run(2);
  const calls = await deviceCalls(async () => {
    assert.equal(await run(3), [1, 4, 7, 10, 13]);
    assert.equal(await run(-0.5), [1, 0.5, 0, -0.5, -1]);
    assert.equal(await run(0), [1, 1, 1, 1, 1]);
    assert.equal(await run(-0), [1, 1, 1, 1, 1]);
    assert.equal((await run(Number.POSITIVE_INFINITY)).slice(1, 2), [Number.POSITIVE_INFINITY]);
  });
  assert.is(calls.bindGroups + calls.pipelines + calls.buffers, 0);
});

test('another shape of the same rank runs the same fused kernels', async () => {
  const run = (rows: number, columns: number) => {
    const x = from(range(rows * columns), rows, columns);
    return numbers(
      x
        .transpose()
        .mul(2)
        .add(from(range(rows), rows))
        .sub(1),
    );
  };
  const expected = (rows: number, columns: number) =>
    Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [i % rows, Math.floor(i / rows)];
      return (row * columns + column) * 2 + row - 1;
    });
  assert.equal(await run(3, 5), expected(3, 5));
  const calls = await deviceCalls(async () => {
    for (const [rows, columns] of [
      [5, 3],
      [7, 9],
      [2, 3],
      [5, 5],
    ] as const) {
      assert.equal(await run(rows, columns), expected(rows, columns));
    }
  });
  assert.is(calls.pipelines, 0);
  assert.is(calls.shaders, 0);
});

test('host tensors may change places and be used twice', async () => {
  const [a, b] = [from(range(4), 4), from(range(4, 10), 4)];
  const run = (x: AnyTensor, y: AnyTensor) => numbers(x.sub(y));
  assert.equal(await run(a, b), [0, -9, -18, -27]);
  assert.equal(await run(b, a), [0, 9, 18, 27]);
  assert.equal(await run(a, a), [0, 0, 0, 0]);
  assert.equal(await run(a, b), [0, -9, -18, -27]);
});

test('host, realised and variable operands of one structure are told apart', async () => {
  const host = from(range(4), 4);
  const realised = await host.mul(3).realize();
  const variable = new Variable(from(range(4, 5), 4));
  const run = (x: AnyTensor) => numbers(x.add(1));
  assert.equal(await run(host), [1, 2, 3, 4]);
  assert.equal(await run(realised), [1, 4, 7, 10]);
  assert.equal(await run(variable.value), [1, 6, 11, 16]);
  assert.equal(await run(realised), [1, 4, 7, 10]);
});

test('results stay when the plan that made them runs again', async () => {
  const run = (k: number) => from(range(70), 70).mul(k);
  const results = [1, 2, 3].map(run);
  for (const result of results) await result.realize();
  for (const [i, result] of results.entries()) assert.is((await numbers(result))[69], 69 * (i + 1));
});

test('a result that is another result as well, or an input, has memory of its own', async () => {
  const x = from(range(6), 6).mul(2);
  const y = x.reshape([2, 3]);
  await realize(x, y, x, y.reshape([3, 2]));
  x.dispose();
  assert.equal(await numbers(y), [0, 2, 4, 6, 8, 10]);
  const host = from(range(3), 3);
  assert.equal(await numbers(host.reshape([1, 3])), [0, 1, 2]);
});

test('many structures do not pile up', async () => {
  const { openRuntime } = await import('../../../src/graph/execution/current-runtime.ts');
  for (let n = 1; n <= 300; n++) await numbers(from(range(n), n).add(1));
  assert.ok((openRuntime()?.planCount ?? 0) <= 256);
  assert.equal(await numbers(from(range(3), 3).add(1)), [1, 2, 3]);
});

test.run();
