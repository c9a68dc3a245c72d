import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  dropout,
  grad,
  realize,
  ShapeError,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { assertClose } from '../closeness.ts';
import { refuses } from '../refusal.ts';
import { download, upload } from '../transfer.ts';

const test = suite('tensor: dropout');

async function moments(x: unknown) {
  const data = Array.from(await (x as AnyTensor).data());
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  return { mean, low: Math.min(...data), high: Math.max(...data), data };
}

test('dropout keeps the mean', async () => {
  const x = upload(NdArray.full([20_000], 1));
  for (const rate of [0.1, 0.5, 0.9]) {
    const { mean, data } = await moments(dropout(x, rate, { seed: 7 }));
    assert.ok(Math.abs(mean - 1) < 0.07, `rate ${rate}: mean ${mean}`);
    const dropped = data.filter((v) => v === 0).length / data.length;
    assert.ok(Math.abs(dropped - rate) < 0.012, `rate ${rate}: ${dropped} dropped`);
  }
  assert.is((await moments(dropout(x, 1))).high, 0);
  assert.is((await moments(dropout(x, 0))).low, 1);
});

test('dropout drops the same forward and backward', async () => {
  const x = upload(NdArray.full([500], 3));
  const y = dropout(x, 0.4) as AnyTensor;
  const [dx] = grad(y.sum() as AnyTensor, [x]);
  await realize(y, dx as AnyTensor);
  const third = (await download(y)).map((v) => v / 3);
  assertClose(await download(dx as AnyTensor), third);
  // Also when it is asked for only later, in a plan of its own.
  const [again] = grad(dropout(x, 0.4, { seed: 3 }).sum() as AnyTensor, [x]);
  const later = await download(dropout(x, 0.4, { seed: 3 }) as AnyTensor);
  assertClose(
    await download(again as AnyTensor),
    later.map((v) => v / 3),
  );
});

test('elements that share noise are dropped together, forward and backward', async () => {
  const x = upload(NdArray.build([40, 7, 30], () => 1));
  const y = dropout(x, 0.5, { noiseShape: [40, 1, 30], seed: 3 });
  const [gradient] = grad(y.sum(), [x]);
  const [values, gradients] = [await download(y), await download(gradient!)];
  assert.equal([...gradients.data], [...values.data]);
  const firsts = NdArray.build([40, 7, 30], ([i = 0, , k = 0]) => values.data[210 * i + k]!);
  assert.equal([...values.data], [...firsts.data]);
  const kept = firsts.data.reduce((sum, v) => sum + v, 0) / firsts.data.length;
  assert.ok(Math.abs(kept - 1) < 0.1, `${kept}`);
});

test('what dropout refuses', () => {
  const x = upload(new NdArray([2]));
  for (const rate of [-0.1, 1.1, Number.NaN]) {
    refuses(
      () => dropout(x, rate),
      ArgumentError,
      /^dropout: rate .* must be a number from 0 to 1/,
    );
  }
  refuses(() => dropout(undefined as never, 0.5), ArgumentError, /^dropout: .*undefined/);
});

test('a noise shape that does not expand is refused', () => {
  const x = upload(NdArray.from([[1, 2]]));
  refuses(
    () => dropout(x, 0.5, { noiseShape: [3, 2] }),
    ShapeError,
    /noise shape \[3,2\] does not expand/,
  );
});

test.run();
