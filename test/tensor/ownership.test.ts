import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  conv2d,
  data,
  device,
  maxPool2d,
  nn,
  optim,
  predict,
  realize,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import type { HostArray } from '../../src/kernels/dtype.ts';

// A tensor's elements are its own: arrays are copied when they are given, and those that are handed
// out belong to whoever asked. Whatever a program does to them afterwards changes no tensor.

const test = suite('tensor: whose arrays are whose');

test.before(async () => {
  await device();
});

const numbers = async (x: { data(): Promise<ArrayLike<number>> }) => Array.from(await x.data());

/** Arrays of 1 and 0: small, and too large to be kept on the host once they have been read. */
const given: Record<string, (n: number) => HostArray> = {
  f32: (n) => new Float32Array(n).fill(1),
  i32: (n) => new Int32Array(n).fill(1),
  u32: (n) => new Uint32Array(n).fill(1),
  u8: (n) => new Uint8Array(n).fill(1),
  'a part of an array': (n) => new Float32Array(n + 8).fill(1).subarray(4, n + 4),
  'a Node buffer': (n) => Buffer.alloc(n, 1),
  'a small buffer out of the pool': () => Buffer.from([1, 1, 1, 1]),
  'shared memory': (n) => new Float32Array(new SharedArrayBuffer(4 * n)).fill(1),
};

for (const [name, make] of Object.entries(given)) {
  test(`an array that is refilled: ${name}`, async () => {
    for (const n of [4, 20_000]) {
      const values = make(n);
      const type = { dtype: 'bool' } as const;
      const made = [
        tensor(values, [values.length]),
        tensor(values, [values.length]).cast('f32').mul(3),
        tensor(values as Uint8Array, [values.length], type).cast('f32'),
      ];
      values.fill(0);
      assert.equal(await Promise.all(made.map(async (x) => (await x.data())[3])), [1, 3, 1]);
    }
  });
}

test('data over 16 MiB, which gets memory of its own', async () => {
  const values = new Uint8Array(17 * 2 ** 20).fill(1);
  const x = tensor(values, [17, 2 ** 20]);
  values.fill(0);
  assert.is(await x.cast('f32').max().item(), 1);
});

/** Tensors of [3, 1, 2] that came about in different ways. */
const read: Record<string, () => Promise<AnyTensor> | AnyTensor> = {
  'of numbers': () => tensor([3, 1, 2]),
  computed: () => tensor([6, 2, 4]).div(2),
  realised: () => tensor([6, 2, 4]).div(2).realize(),
  'of a variable': () => new Variable(tensor([3, 1, 2])).value,
  'of whole numbers': () => tensor([3, 1, 2], { dtype: 'u8' }),
};

for (const [name, make] of Object.entries(read)) {
  test(`the result of data() that is sorted, of a tensor ${name}`, async () => {
    const x = (await make()) as AnyTensor;
    const [first, second] = await Promise.all([x.data(), x.data()]);
    first.sort();
    assert.equal([...second], [3, 1, 2]);
    second.fill(9);
    (await x.data()).fill(7);
    assert.equal(await numbers(x), [3, 1, 2]);
    assert.equal(await numbers(x.add(x)), [6, 2, 4]);
    assert.is(await x.cast('f32').sum().item(), 6);
    assert.equal(await x.array(), [3, 1, 2]);
    assert.not.match(String(x), /7/);
  });
}

test('large results that are overwritten', async () => {
  const x = tensor(new Float32Array(20_000).fill(1), [20_000]).mul(2);
  for (let i = 0; i < 3; i++) (await x.data()).fill(0);
  assert.is(await x.min().item(), 2);
});

test('one array refilled for each step', async () => {
  const staging = new Float32Array(2);
  const v = new Variable(tensor([0, 0]));
  const optimizer = optim.sgd([v], { lr: 1 });
  const running: Promise<unknown>[] = [];
  for (let step = 1; step <= 6; step++) {
    staging.set([step, -step]);
    const stepped = optimizer.step(v.value.mul(tensor(staging, [2])).sum());
    // Waited for, and not.
    if (step % 2) await stepped;
    else running.push(stepped);
  }
  await Promise.all(running);
  assert.equal(await numbers(v), [-21, 21]);
});

test('a variable that is read before it changes', async () => {
  const v = new Variable(tensor([1, 2]));
  v.assign(tensor([3, 4]));
  const [before, own] = [v.data(), v.value.data()];
  v.assign(tensor([5, 6]));
  await realize();
  assert.equal([...(await before), ...(await own)], [3, 4, 3, 4]);
  (await v.data()).fill(0);
  assert.equal(await numbers(v), [5, 6]);
});

test("an optimizer's moments", async () => {
  const v = new Variable(tensor([1, 2]));
  const optimizer = optim.sgd([v], { momentum: 0.5 });
  await optimizer.step(v.value.sum());
  (await optimizer.moments()[0]!.value.data()).fill(0);
  const values = Float32Array.of(3, 4);
  optimizer.setMoments([
    { name: 'velocity', variable: v, value: tensor(values, [2]) as AnyTensor },
  ]);
  values.fill(0);
  assert.equal(await numbers(optimizer.moments()[0]!.value), [3, 4]);
});

test('lists of axes and sizes that are changed before anything is computed', async () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]) as AnyTensor;
  const image = zeros([1, 4, 4, 1]).add(1);
  const list = <T>(...items: T[]) => {
    lists.push(items);
    return items;
  };
  const lists: unknown[][] = [];
  const made = [
    x.transpose(list(1, 0)),
    x.reshape(list(3, 2)),
    x.slice(list(0, 1), list(2, 3), list(1, 1)),
    x.flip(list(0)),
    x.pad(list(list(1, 0), list(0, 1)) as unknown as [number, number][]),
    x.cast('f32').sum(list(0)),
    x.cast('f32').max(list(1), true),
    x.squeeze(list<number>()),
    zeros(list(2, 2)).add(1),
    tensor(Float32Array.of(1, 2, 3, 4), list(2, 2)),
    conv2d(image, zeros([2, 2, 1, 1]).add(1), {
      strides: list(1, 2) as unknown as [number, number],
    }),
    maxPool2d(image, { filterSize: list(2, 1) as unknown as [number, number] }),
  ] as AnyTensor[];
  const again = made.map((y) => y.shape.join());
  for (const items of lists) items.fill(5 as never).push(7);
  assert.equal(
    made.map((y) => y.shape.join()),
    again,
  );
  assert.equal(await made[0]!.array(), [
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  assert.equal(await made[4]!.array(), [
    [0, 0, 0, 0],
    [1, 2, 3, 0],
    [4, 5, 6, 0],
  ]);
  assert.equal(await made[3]!.array(), [
    [4, 5, 6],
    [1, 2, 3],
  ]);
  assert.equal(await numbers(made[5]!), [5, 7, 9]);
  for (const y of made) await y.data();
});

test('what a data set is made of', async () => {
  const images = Uint8Array.of(0, 255, 255, 0);
  const labels = Uint8Array.of(1, 0);
  const [rows, classes] = [
    [
      [1, 2],
      [3, 4],
    ],
    [1, 0],
  ];
  const sets = [
    data.fromImages({ images, labels, count: 2, height: 1, width: 2, channels: 1 }),
    data.fromArrays(rows, classes, { targets: 'i32' }),
  ];
  for (const array of [images, labels, classes, ...rows]) array.fill(9);
  const expected = [
    [1, 0, 0, 1],
    [3, 4, 1, 2],
  ];
  for (const [i, set] of sets.entries()) {
    const indices = Int32Array.of(1, 0);
    const batch = await set.get(indices);
    indices.fill(0);
    assert.equal(await numbers(batch.inputs), expected[i]);
    assert.equal(await numbers(batch.targets), [0, 1]);
    (await batch.inputs.data()).fill(0);
    assert.equal(await numbers((await set.get(Int32Array.of(1, 0))).inputs), expected[i]);
  }
});

test('a source that fills one array again and again', async () => {
  const [inputs, targets] = [new Float32Array(2), new Int32Array(2)];
  const source = {
    count: 6,
    get(indices: Int32Array) {
      inputs.set(indices);
      targets.set(indices);
      indices.fill(0);
      return {
        inputs: tensor(inputs, [2, 1]) as AnyTensor,
        targets: tensor(targets, [2]),
        count: 2,
      };
    },
  };
  for (const ahead of [0, 2]) {
    const seen: number[] = [];
    for await (const batch of new data.Dataset(source).batch(2).prefetch(ahead).epoch(0)) {
      seen.push(...(await numbers(batch.inputs)), ...(await numbers(batch.targets)));
    }
    assert.equal(seen, [0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5]);
  }
});

test('the layers a model was made of, and what it predicts', async () => {
  const layers = [nn.dense(2), nn.relu()];
  const model = nn.sequential(layers).build([2]);
  layers.push(nn.dense(5));
  const set = data.fromTensors(tensor([[1, 2]]) as AnyTensor, tensor([0]) as AnyTensor);
  const first = await predict(model, set);
  assert.is(first.length, 2);
  const kept = [...first];
  first.fill(-1);
  assert.equal([...(await predict(model, set))], kept);
});

test.run();
