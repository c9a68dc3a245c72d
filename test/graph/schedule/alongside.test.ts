// Nodes that the kernel of another computes on the way: as many dispatches less, and the same values
// as where each is computed by itself.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { grad } from '../../../src/autograd/grad.ts';
import type { Device } from '../../../src/device/device.ts';
import { setDevice } from '../../../src/graph/execution/current-runtime.ts';
import { realize } from '../../../src/graph/execution/realize.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { conv2d } from '../../../src/tensor/ops/convolution/conv2d.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { batchNorm } from '../../../src/tensor/ops/normalization.ts';
import { softmaxCrossEntropy } from '../../../src/tensor/ops/softmax.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { noise } from '../../kernels/matmul/matmul-reference.ts';
import { sizeOf } from '../../reference/shape.ts';
import { asGpu, devices, ownDevice } from '../as-gpu.ts';
import '../kernels-loaded.ts';

const test = suite('graph: what a kernel computes on the way');

const input = (seed: number, ...shape: number[]): AnyTensor =>
  tensor(noise(sizeOf(shape), seed), shape) as AnyTensor;
const labels = (count: number, classes: number) =>
  tensor(
    Int32Array.from({ length: count }, (_, i) => (i * 7) % classes),
    [count],
    {
      dtype: 'i32',
    },
  );

const dispatches = (results: readonly AnyTensor[], { limits }: Device) =>
  schedule(
    results.map(({ node }) => node),
    [],
    limits,
  ).steps.length;

/** That results have together the values that they have one by one. */
async function same(make: () => readonly AnyTensor[], what: string): Promise<void> {
  const together = make();
  await realize(together.map(({ node }) => node));
  for (const [i, one] of together.entries()) {
    const apart = await (make()[i] as AnyTensor).data();
    (await one.data()).forEach((value, k) => {
      const other = apart[k] as number;
      const error = Math.abs(value - other) / Math.max(10, Math.abs(other));
      assert.ok(error < 1e-5, `${what}, result ${i} [${k}]: ${value}, not ${other}`);
    });
  }
}

const own = ownDevice(test);

for (const [on, as] of devices) {
  test(`losses come with their gradient${on}`, async () => {
    const device = as(own());
    await setDevice(device);
    for (const [rows, classes] of [
      [5, 10],
      [67, 12],
      [3, 1000],
    ] as const) {
      const make = () => {
        const x = input(1, rows, classes);
        const loss = softmaxCrossEntropy(x, labels(rows, classes)).mean();
        return [loss, grad(loss, [x])[0] as AnyTensor];
      };
      const [loss, gradient] = make() as [AnyTensor, AnyTensor];
      assert.is(dispatches([gradient], device), 1);
      assert.is(dispatches([loss, gradient], device), dispatches([loss], device));
      await same(make, `${rows}×${classes}`);
    }
  });
}

test('on a GPU the gradient of a bias comes with that of its weights', async () => {
  const gpu = asGpu(own());
  await setDevice(gpu);
  for (const [examples, inputs, outputs] of [
    [7, 5, 6],
    [37, 19, 33],
    [130, 300, 10],
    [1100, 16, 20],
    [1031, 9, 7],
    [300, 131, 300],
  ] as const) {
    const make = () => {
      const [x, w, b] = [input(3, examples, inputs), input(4, inputs, outputs), input(5, outputs)];
      const y = x.matMul(w).add(b);
      return grad(y, [w, b], input(6, examples, outputs)) as readonly AnyTensor[];
    };
    const both = make();
    assert.is(dispatches(both, gpu), dispatches(both.slice(0, 1), gpu));
    await same(make, `${examples} of ${inputs} → ${outputs}`);
  }
});

test('so it does where an operand is read through a transposition', async () => {
  await setDevice(asGpu(own()));
  for (const [examples, inputs, outputs] of [
    [37, 19, 33],
    [130, 300, 12],
    [1100, 16, 20],
  ] as const) {
    const make = (turned: boolean) => () => {
      const [w, b] = [input(4, inputs, outputs), input(5, outputs)];
      const x = turned ? input(3, inputs, examples).transpose() : input(3, examples, inputs);
      const y = x.matMul(w).add(b);
      if (turned) return grad(y, [w, b], input(6, examples, outputs)) as readonly AnyTensor[];
      return grad(y.transpose(), [w, b], input(6, outputs, examples)) as readonly AnyTensor[];
    };
    await same(make(false), `${examples} of ${inputs} → ${outputs}, the gradient transposed`);
    await same(make(true), `${examples} of ${inputs} → ${outputs}, the input transposed`);
  }
});

test('so it does for a convolution that sees one pixel', async () => {
  const gpu = asGpu(own());
  await setDevice(gpu);
  for (const [channels, filters] of [
    [5, 6],
    [16, 64],
  ] as const) {
    const make = () => {
      const [filter, b] = [input(4, 1, 1, channels, filters), input(5, filters)];
      const y = conv2d(input(3, 4, 5, 9, channels), filter).add(b);
      return grad(y, [filter, b], input(6, 4, 5, 9, filters)) as readonly AnyTensor[];
    };
    const both = make();
    assert.is(dispatches(both, gpu), dispatches(both.slice(0, 1), gpu));
    await same(make, `${channels} → ${filters}`);
  }
});

test('and for one that sees more, in whole and ragged steps, in one split and many', async () => {
  const gpu = asGpu(own());
  await setDevice(gpu);
  for (const [images, size, channels, filters, padding] of [
    [1, 5, 4, 6, 'same'],
    [3, 7, 5, 10, 'valid'],
    [2, 9, 8, 33, 'same'],
    [40, 13, 16, 12, 'valid'],
    [31, 11, 6, 7, 'same'],
  ] as const) {
    const make = () => {
      const [filter, b] = [input(4, 3, 3, channels, filters), input(5, filters)];
      const y = conv2d(input(3, images, size, size, channels), filter, { padding }).add(b);
      return grad(y, [filter, b], input(6, ...y.shape)) as readonly AnyTensor[];
    };
    const both = make();
    assert.is(dispatches(both, gpu), dispatches(both.slice(0, 1), gpu));
    await same(make, `${images} images, ${channels} → ${filters}, ${padding}`);
  }
});

for (const [on, as] of devices) {
  test(`batch normalisation comes with its statistics, its gradient with all sums${on}`, async () => {
    const device = as(own());
    await setDevice(device);
    for (const [rows, channels, together] of [
      [6, 3, true],
      [130, 8, true],
      [1100, 5, true],
      [8200, 4, false],
    ] as const) {
      const make = () => {
        const [x, gamma, beta] = [input(1, rows, channels), input(2, channels), input(3, channels)];
        const { output, mean, variance } = batchNorm(x, gamma, beta);
        const gradients = grad(output, [x, gamma, beta], input(4, rows, channels));
        return [output, mean, variance, ...gradients] as const;
      };
      const [output, mean, variance, dx, scale, shift] = make();
      const count = (...results: AnyTensor[]) => dispatches(results, device);
      assert.is(count(mean, variance), count(variance));
      assert.is(count(scale, shift), count(shift));
      if (together && !device.limits.cpu) {
        assert.is(count(output, mean, variance), 1);
        assert.is(count(output, dx, scale, shift), 2);
      }
      await same(make, `${rows}×${channels}`);
    }
  });
}

test('a kernel computes nothing besides for which it may bind no buffer more', async () => {
  const few = new Proxy(asGpu(own()), {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      return key === 'limits' ? { ...target.limits, maxStorageBuffers: 6 } : value;
    },
  });
  await setDevice(few);
  const make = () => {
    const [x, w, b] = [input(3, 37, 19), input(4, 19, 6), input(5, 6)];
    const [dw, db] = grad(x.matMul(w).add(b), [w, b], input(6, 37, 6));
    const others = [7, 8, 9].map((seed) => input(seed, 19, 6));
    return [others.reduce((sum, other) => sum.add(other), dw), db] as readonly AnyTensor[];
  };
  assert.is(dispatches(make(), few), 2);
  assert.is(dispatches(make(), asGpu(own())), 1);
  await same(make, 'a product that ends with sums');
});

test('losses that their gradient depends on are computed before', async () => {
  await setDevice(own());
  const make = () => {
    const x = input(2, 6, 8);
    const losses = softmaxCrossEntropy(x, labels(6, 8));
    return [losses, grad(losses.square().sum(), [x])[0] as AnyTensor];
  };
  assert.is(dispatches(make(), own()), 2);
  await same(make, 'squares');
});

test.run();
