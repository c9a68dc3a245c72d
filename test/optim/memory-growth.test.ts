import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, crossEntropy, device, optim, random, tensor } from '../../src/index.ts';
import { deviceCalls, submitsPerRead } from '../device/device-calls.ts';
import { ImageBatches } from './image-batches.ts';
import { smallModels } from './small-models.ts';

const test = suite('500 training steps');

const STEPS = 500;

for (const read of [true, false]) {
  test(`need no more memory than a few, the loss ${read ? '' : 'not '}being read`, async () => {
    random.seed(2);
    const data = new ImageBatches(4, [6, 6, 1]);
    const model = smallModels.branches().build([6, 6, 1]);
    const optimizer = optim.adam(model.variables);
    const step = async (number: number) => {
      const { x, y } = data.batch(number);
      const loss = crossEntropy(model.forward(x, { training: true }), y) as AnyTensor;
      await optimizer.step(loss);
      if (read) await loss.item();
    };
    for (let number = 0; number < 10; number++) await step(number);
    const on = await device();
    const before = { ...on.counters };
    const calls = await deviceCalls(async () => {
      for (let number = 10; number < STEPS; number++) await step(number);
      await on.finish();
    });
    const growth = {
      buffers: on.counters.buffers - before.buffers,
      bytes: on.counters.bytes - before.bytes,
    };
    assert.is(calls.pipelines, 0);
    assert.is(calls.bindGroups, 0);
    const each = 1 + (read ? await submitsPerRead() : 0);
    assert.is(calls.submits, each * (STEPS - 10));
    if (read) {
      assert.equal(growth, { buffers: 0, bytes: 0 });
      assert.is(calls.buffers, 0);
    } else {
      // Losses nobody read wait for the collector, 256 to a slab of 64 KiB.
      assert.ok(growth.buffers <= 2 && growth.bytes <= 2 * 65536, JSON.stringify(growth));
    }
  });
}

test('and loops over realised tensors need none either, where gradients are stopped', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const on = await device();
  const rounds = async (count: number) => {
    let x = tensor(new Float32Array(1000), [1000]) as AnyTensor;
    for (let i = 0; i < count; i++) {
      x = x.add(1).stopGradient() as AnyTensor;
      await x.realize();
      if (i % 20 > 0) continue;
      collect();
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.is((await x.data())[999], count);
  };
  await rounds(60);
  const { bytes } = on.counters;
  await rounds(200);
  assert.ok(on.counters.bytes - bytes < 30 * 4096, `${on.counters.bytes - bytes}`);
});

test.run();
