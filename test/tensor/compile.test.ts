import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  compile,
  dropout,
  grad,
  nn,
  optim,
  random,
  realize,
  type Shape,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { deviceCalls } from '../device/device-calls.ts';

const row = (...values: number[]) => tensor(new Float32Array(values), [values.length]);

async function numbers(x: AnyTensor): Promise<number[]> {
  return Array.from(await x.data());
}

/** Calls of `compile(work)` and of `work`, and how often the former called it. */
function counted<A extends readonly unknown[], R>(work: (...given: A) => R) {
  const calls = { count: 0 };
  const counting = (...given: A) => {
    calls.count++;
    return work(...given);
  };
  return { calls, compiled: compile(counting as never) as (...given: A) => Promise<R> };
}

test('a compiled function computes the same, and is called once', async () => {
  const { calls, compiled } = counted((x: AnyTensor, y: AnyTensor) => x.mul(y).add(1).sum());
  assert.equal(await numbers(await compiled(row(1, 2), row(3, 4))), [13]);
  assert.equal(await numbers(await compiled(row(5, 6), row(7, 8))), [85]);
  const lazy = row(1, 1).add(row(1, 2));
  assert.equal(await numbers(await compiled(await lazy.realize(), row(2, 2))), [12]);
  assert.is(calls.count, 2, 'once for what is sent along, once for what is on the device');
});

test('a replay is one submission that builds, captures and binds nothing', async () => {
  const compiled = compile((x: AnyTensor) => x.exp().sum(0));
  const inputs = [1, 2, 3, 4].map((seed) => row(seed, 2, 3));
  for (const x of inputs.slice(0, 3)) await compiled(x);
  const calls = await deviceCalls(() => compiled(inputs[3] as AnyTensor));
  assert.is(calls.submits, 1);
  assert.is(calls.pipelines + calls.bindGroups, 0);
});

test('other shapes, dtypes, values and graphs are recorded anew', async () => {
  const { calls, compiled } = counted((x: AnyTensor, by: number) => x.add(by).sum());
  assert.equal(await numbers(await compiled(row(1, 2), 1)), [5]);
  assert.equal(await numbers(await compiled(row(1, 2, 3), 1)), [9]);
  assert.equal(await numbers(await compiled(row(1, 2), 2)), [7]);
  assert.equal(await numbers(await compiled(tensor(new Int32Array([1, 2]), [2]), 1)), [5]);
  assert.equal(await numbers(await compiled(row(1, 2).mul(3), 1)), [11]);
  assert.is(calls.count, 5);
  // Numbers in the graph of an argument are no other graph.
  assert.equal(await numbers(await compiled(row(2, 2).mul(4), 1)), [18]);
  assert.equal(await numbers(await compiled(row(4, 4), 2)), [12]);
  assert.is(calls.count, 5);
});

test('arrays and objects go in and come out', async () => {
  const compiled = compile(
    ({ a, list }: { a: AnyTensor; list: readonly AnyTensor[] }, scale: { by: number }) => ({
      sums: list.map((x) => x.add(a).sum()),
      given: a,
      name: 'sums',
      by: scale.by,
      nothing: undefined,
    }),
  );
  for (const k of [1, 2, 3]) {
    const a = row(k, k);
    const result = await compiled({ a, list: [row(1, 2), row(3, 4)] }, { by: 2 });
    assert.equal(await Promise.all(result.sums.map(numbers)), [[3 + 2 * k], [7 + 2 * k]]);
    assert.equal(await numbers(result.given), [k, k]);
    assert.is(result.name, 'sums');
    assert.is(result.by, 2);
  }
});

test('what the function knows by itself stays, though it was given once', async () => {
  const known = row(1, 2);
  const compiled = compile((x: AnyTensor) => x.sub(known));
  assert.equal(await numbers(await compiled(known)), [0, 0]);
  assert.equal(await numbers(await compiled(row(5, 5))), [4, 3]);
  const variable = new Variable(row(1, 1));
  const against = compile((x: AnyTensor) => x.sub(variable.value));
  assert.equal(await numbers(await against(variable.value)), [0, 0]);
  assert.equal(await numbers(await against(new Variable(row(7, 8)).value)), [6, 7]);
});

test('variables that are read and assigned have the values that there are', async () => {
  const total = new Variable<Shape>(zeros([2]), { name: 'total' });
  const { calls, compiled } = counted((x: AnyTensor) => {
    total.assign(total.value.add(x));
    return total.value;
  });
  assert.equal(await numbers((await compiled(row(1, 2))) as AnyTensor), [1, 2]);
  assert.equal(await numbers((await compiled(row(1, 2))) as AnyTensor), [2, 4]);
  const before = total.value;
  total.assign(row(10, 20));
  await compiled(row(1, 1));
  assert.equal(await numbers(total.value), [11, 21]);
  assert.is(calls.count, 1);
  await assertRejects(() => before.data(), /variable 'total' before its value was replaced/);
});

test('the function may submit several times', async () => {
  const v = new Variable<Shape>(row(1, 2));
  const compiled = compile((x: AnyTensor) => {
    const first = v.value.mul(x);
    realize(first);
    v.assign(first.add(1));
    realize(v.value);
    return [first.sum(), v.value.sum()];
  });
  const expected = [1, 2];
  for (const k of [2, 3, 4]) {
    const [first, after] = await compiled(row(k, k));
    const product = expected.map((value) => value * k);
    product.forEach((value, i) => {
      expected[i] = value + 1;
    });
    assert.is(
      await (first as Tensor).item(),
      product.reduce((a, b) => a + b),
    );
    assert.is(
      await (after as Tensor).item(),
      expected.reduce((a, b) => a + b),
    );
  }
});

test('random numbers go on as they do without', async () => {
  const work = (x: AnyTensor) => [
    dropout(x, 0.5),
    random.normal([4]),
    random.uniform([3], { seed: 5 }),
  ];
  const compiled = compile(work);
  const drawn = async (call: (x: AnyTensor) => Promise<AnyTensor[]> | AnyTensor[]) => {
    random.seed(3);
    const all: number[][] = [];
    for (let k = 0; k < 4; k++) {
      for (const x of await call(row(1, 1, 1, 1, 1, 1, 1, 1))) all.push(await numbers(x));
      // The program draws in between, too.
      all.push(await numbers(random.uniform([2])));
    }
    return all;
  };
  const plain = await drawn(work);
  assert.equal(await drawn(compiled), plain);
  assert.equal(await drawn(compiled), plain);
  assert.is.not(`${plain[1]}`, `${plain[5]}`);
});

const optimizers = {
  sgd: (variables: Parameters<typeof optim.sgd>[0]) =>
    optim.sgd(variables, { lr: optim.schedules.cosine(0.1, 0, 40), momentum: 0.9 }),
  adam: (variables: Parameters<typeof optim.adam>[0]) =>
    optim.adam(variables, { lr: 0.01, clipNorm: 0.5 }),
  nadam: optim.nadam,
  lamb: (variables: Parameters<typeof optim.lamb>[0]) => optim.lamb(variables, { clipNorm: 0.5 }),
  adamW: (variables: Parameters<typeof optim.adam>[0]) =>
    optim.adamW([{ variables: variables as never, lr: optim.schedules.step(0.02, 7) }], {
      clipValue: 0.1,
    }),
};

for (const [name, optimizerOf] of Object.entries(optimizers)) {
  test(`${name}: training steps come to the same bits`, async () => {
    const run = async (isCompiled: boolean) => {
      random.seed(7);
      const model = nn.sequential([
        nn.dense(5, { activation: 'relu' }),
        nn.batchNorm(),
        nn.dropout(0.3),
        nn.dense(2),
      ]);
      model.build([3]);
      const optimizer = optimizerOf(model.trainableVariables);
      const work = (x: AnyTensor, y: AnyTensor) => {
        const loss = model.forward(x, { training: true }).sub(y).square().mean();
        optimizer.step(loss);
        return loss;
      };
      const step = isCompiled ? compile(work) : async (x: AnyTensor, y: AnyTensor) => work(x, y);
      const losses: number[] = [];
      for (let k = 0; k < 30; k++) {
        const count = k === 20 ? 3 : 6;
        const x = tensor(
          Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(i + k)),
          [count, 3],
        );
        const y = tensor(
          Float32Array.from({ length: 2 * count }, (_, i) => Math.cos(i * k)),
          [count, 2],
        );
        if (k === 12 && name === 'adam') optimizer.lr = 0.001;
        losses.push(await (await step(x, y)).item());
      }
      const weights = await Promise.all(model.variables.map((v) => v.data()));
      assert.is(optimizer.steps, 30);
      return { losses, weights: weights.map((w) => Array.from(w)) };
    };
    assert.equal(await run(true), await run(false));
  });
}

test('moments that are replaced, and weights that move to another optimizer, count', async () => {
  const v = new Variable(row(1, 2));
  const optimizer = optim.sgd([v], { lr: 1, momentum: 0.5 });
  const { calls, compiled } = counted((g: AnyTensor) => {
    optimizer.step(v.value.mul(g).sum());
  });
  await compiled(row(1, 1));
  await compiled(row(1, 1));
  assert.equal(await numbers(v.value), [-1.5, -0.5]);
  optimizer.setMoments([{ name: 'velocity', variable: v, value: zeros([2]) }]);
  await compiled(row(1, 1));
  assert.equal(await numbers(v.value), [-2.5, -1.5]);
  await optim.sgd([v], { lr: 1 }).step(v.value.sum());
  await compiled(row(0, 0));
  assert.equal(await numbers(v.value), [-4, -3]);
  assert.is(calls.count, 3);
});

test('gradients are taken within, and end at what comes out', async () => {
  const v = new Variable(row(1, 2));
  const slopes = compile((x: AnyTensor) => grad(v.value.mul(x).square().sum(), [v, x]));
  for (const k of [1, 2, 3]) {
    const [ofV, ofX] = await slopes(row(k, k));
    assert.equal(await numbers(ofV as AnyTensor), [2 * k * k, 4 * k * k]);
    assert.equal(await numbers(ofX as AnyTensor), [2 * k, 8 * k]);
    const [none] = grad((ofV as Tensor).sum(), [v]);
    assert.equal(await numbers(none as AnyTensor), [0, 0]);
  }
});

test('backward and step within the function', async () => {
  const v = new Variable(row(1, 2));
  const optimizer = optim.sgd([v], { lr: 0.5 });
  const compiled = compile((x: AnyTensor) => {
    v.value.mul(x).sum().backward();
    optimizer.step();
  });
  for (let k = 0; k < 3; k++) await compiled(row(1, 2));
  assert.equal(await numbers(v.value), [-0.5, -1]);
});

test('calls need not wait for each other', async () => {
  const v = new Variable<Shape>(zeros([2]));
  const compiled = compile((x: AnyTensor) => {
    v.assign(v.value.add(x));
    return v.value.mul(1);
  });
  const results = await Promise.all([1, 2, 3, 4].map((k) => compiled(row(k, 2 * k))));
  assert.equal(await Promise.all(results.map(numbers)), [
    [1, 2],
    [3, 6],
    [6, 12],
    [10, 20],
  ]);
});

test('tensors that are no more are refused', async () => {
  const known = await row(1, 2).mul(1).realize();
  const compiled = compile((x: AnyTensor) => x.add(known));
  await compiled(row(1, 1));
  known.dispose();
  await assertRejects(() => compiled(row(1, 1)), /disposed/);
  const v = new Variable(row(1, 2));
  const double = compile((x: AnyTensor) => x.mul(2));
  await double(v.value);
  const old = v.value;
  v.assign(row(3, 4));
  await v.data();
  await assertRejects(() => double(old), /replaced/);
  assert.equal(await numbers(await double(v.value)), [6, 8]);
});

test('a failure leaves everything as it was, counters too', async () => {
  const v = new Variable(row(1, 2));
  const optimizer = optim.adam([v], { lr: 1 });
  const known = await row(1, 1).mul(1).realize();
  const compiled = compile((x: AnyTensor) => {
    optimizer.step(v.value.mul(x).mul(known).sum());
  });
  await compiled(row(1, 1));
  const values = await numbers(v.value);
  known.dispose();
  await assertRejects(() => compiled(row(1, 1)), /disposed/);
  assert.is(optimizer.steps, 1);
  assert.equal(await numbers(v.value), values);
});

async function assertRejects(call: () => Promise<unknown>, message: RegExp): Promise<void> {
  try {
    await call();
  } catch (error) {
    assert.match(String((error as Error).message), message);
    return;
  }
  assert.unreachable(`nothing was thrown, not ${message}`);
}

test('a call that makes variables is not kept', async () => {
  random.seed(2);
  const model = nn.sequential([nn.dense(2, { kernelInitializer: 'orthogonal' }), nn.dropout(0.5)]);
  const { calls, compiled } = counted((x: AnyTensor) => model.forward(x, { training: true }));
  const twin = nn.sequential([nn.dense(2, { kernelInitializer: 'orthogonal' }), nn.dropout(0.5)]);
  const x = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i),
    [4, 3],
  );
  const got: number[][] = [];
  for (let k = 0; k < 4; k++) got.push(await numbers(await compiled(x)));
  random.seed(2);
  for (const own of got) {
    assert.equal(own, await numbers(twin.forward(x, { training: true })));
  }
  assert.is(calls.count, 2);
});

test('what cannot be compiled is refused by name', async () => {
  const x = row(1, 2);
  const v = new Variable(row(1, 2), { name: 'v' });
  const optimizer = optim.sgd([v], { lr: 1 });
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [() => void x.mul(2).data(), /reads a tensor f32\[2\] .* Return the tensor/],
    [() => void x.sum().item(), /reads a tensor f32\[\]/],
    [() => void x.array(), /reads a tensor/],
    [async () => x, /returned a promise.*leave out async/],
    [async () => (await x.data())[0], /reads a tensor/],
    [() => optimizer.step(v.value.sum()), /returned a promise/],
    [() => random.permutation(3), /draws random numbers on the host/],
    [() => random.seed(1), /sets the seed/],
    [() => v.value.sum().backward(), /leaves gradients of backward\(\) for 'v'/],
  ];
  for (const [work, message] of refused) {
    await assertRejects(compile(work as () => void), message);
    v.gradient = undefined;
  }
  v.value.sum().backward();
  await assertRejects(
    compile(() => {
      optimizer.step();
    }),
    /gradient that backward\(\) has left for variable 'v'/,
  );
  const inner = compile((y: AnyTensor) => y.mul(2));
  await assertRejects(
    compile(() => {
      inner(x).catch(() => {});
    }),
    /called within another/,
  );
  assert.throws(
    () => compile(3 as never),
    (error: unknown) => error instanceof ArgumentError,
  );
  await assertRejects(
    compile(() => {
      throw new RangeError('its own');
    }),
    /its own/,
  );
});

test.run();
