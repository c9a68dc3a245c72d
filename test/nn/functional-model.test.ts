import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  compile,
  grad,
  io,
  losses,
  nn,
  optim,
  random,
  ShapeError,
  type Tensor,
  tensor,
  Variable,
  zeros,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('nn.model');

const named = (model: nn.AnyLayer) => [...model.namedVariables().keys()];
const values = (length: number, shape: number[]): AnyTensor =>
  tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7)),
    shape,
  );

/** A layer of its own with two inputs by name and two outputs. */
class Film extends nn.Layer<
  { readonly x: AnyTensor; readonly by: AnyTensor },
  readonly [Tensor, Tensor]
> {
  readonly type = 'film';
  override readonly takes = 'several';
  readonly scale = nn.dense(3);
  seen: unknown;

  protected override createVariables(shape: {
    readonly x: readonly number[];
    readonly by: readonly number[];
  }) {
    this.seen = shape;
    this.own(new Variable(zeros([shape.x[1] as number]), { name: 'offset' }));
  }

  protected compute({ x, by }: { readonly x: AnyTensor; readonly by: AnyTensor }, mode: nn.Mode) {
    const scale = this.scale.forward(by, mode);
    return [scale.mul(x), scale] as const;
  }
}

test('computes what the same layers do one after the other', async () => {
  const [hidden, out] = [nn.dense(5, { activation: 'relu' }), nn.dense(2)];
  const x = nn.input([3]);
  const model = nn.model(x, out.apply(hidden.apply(x)));
  const examples = values(12, [4, 3]);
  const output: Tensor = model.forward(examples);
  assert.equal(await output.array(), await out.forward(hidden.forward(examples)).array());
  assert.equal(named(model), ['dense.weight', 'dense.bias', 'dense_1.weight', 'dense_1.bias']);
  assert.is(model.parameterCount, 3 * 5 + 5 + 5 * 2 + 2);
});

test('takes and gives values by themselves, in arrays and by name', async () => {
  const [a, b] = [nn.input([2]), nn.input([2])];
  const sum = nn.add([a, b]);
  const x = values(4, [2, 2]);
  const y = x.mul(2) as AnyTensor;
  const pair: readonly [Tensor, Tensor] = nn
    .model([a, b], [sum, nn.subtract([a, b])])
    .forward([x, y]);
  assert.equal(await pair[0].array(), await x.add(y).array());
  assert.equal(await pair[1].array(), await x.sub(y).array());
  const { total } = nn.model({ a, b }, { total: sum }).forward({ b: y, a: x });
  assert.equal(await total.array(), await x.add(y).array());
});

test('a layer that is applied twice is one, and its gradients add up', async () => {
  const shared = nn.dense(2, { kernelInitializer: nn.initializers.constant(0.5) });
  const [a, b] = [nn.input([2]), nn.input([2])];
  const model = nn.model([a, b], nn.add([shared.apply(a), shared.apply(b)]));
  assert.equal(named(model), ['dense.weight', 'dense.bias']);
  const [x, y] = [values(4, [2, 2]), values(6, [3, 2]).slice([1, 0], [3, 2]) as AnyTensor];
  const [weight] = model.variables as [Variable];
  const [both] = grad(model.forward([x, y]).sum(), [weight.value]);
  const [one] = grad(shared.forward(x).sum(), [weight.value]);
  const [other] = grad(shared.forward(y).sum(), [weight.value]);
  assert.equal(await both!.array(), await one!.add(other!).array());
  refuses(() => model.forward([x, values(6, [3, 2])]), ShapeError, /add/);
});

test('layers are named by the graph, not by when they were made', () => {
  const build = (lateFirst: boolean) => {
    const x = nn.input([4]);
    const make = () => nn.dense(3);
    const [late, early] = lateFirst ? [make(), make()] : [make(), make()].reverse();
    const stem = nn.dense(4).apply(x, { name: 'stem' });
    const right = lateFirst ? late!.apply(stem) : undefined;
    const left = early!.apply(stem);
    return nn.model(x, {
      sum: nn.add([left, right ?? late!.apply(stem)]),
      box: nn.dense(1).apply(stem),
    });
  };
  const names = named(build(true));
  assert.equal(names, named(build(false)));
  assert.equal(names, [
    ...['stem.weight', 'stem.bias', 'dense.weight', 'dense.bias', 'dense_1.weight', 'dense_1.bias'],
    ...['box.weight', 'box.bias'],
  ]);
});

test('names that are taken, twofold or no names are refused', () => {
  const x = nn.input([4]);
  const dense = nn.dense(4);
  const once = dense.apply(x, { name: 'one' });
  refuses(
    () => nn.model(x, nn.add([once, dense.apply(once, { name: 'two' })])),
    ArgumentError,
    /one dense layer is called 'one' and 'two'/,
  );
  refuses(
    () => nn.model(x, nn.add([once, nn.dense(4).apply(x, { name: 'one' })])),
    ArgumentError,
    /two layers are called 'one'/,
  );
  refuses(() => dense.apply(x, { name: 'a.b' }), ArgumentError, /without dots/);
  // Those of outputs give way.
  const named = nn.dense(4).apply(x, { name: 'y' });
  const model = nn.model(x, { y: nn.dense(4).apply(named) });
  assert.equal(Object.keys(model.children ?? {}), ['y', 'dense']);
});

test('weights are saved and loaded by those names', async () => {
  const build = () => {
    const x = nn.input([2]);
    const hidden = nn.dense(3).apply(x);
    return nn.model(x, { a: nn.dense(1).apply(hidden), b: nn.dense(2).apply(hidden) });
  };
  const [from, to] = [build(), build()];
  await io.setWeights(to, await io.weightsOf(from));
  const x = values(6, [3, 2]);
  assert.equal(await to.forward(x).b.array(), await from.forward(x).b.array());
});

test('models are layers of other models', async () => {
  const x = nn.input([4]);
  const encoder = nn.model(x, nn.dense(2).apply(x));
  const [a, b] = [nn.input([4]), nn.input([4])];
  const distance = nn.subtract([encoder.apply(a), encoder.apply(b)]);
  const model = nn.model({ a, b }, distance);
  assert.equal(named(model), ['model.dense.weight', 'model.dense.bias']);
  const [one, two] = [values(8, [2, 4]), values(8, [2, 4]).mul(3) as AnyTensor];
  const expected = encoder.forward(one).sub(encoder.forward(two));
  assert.equal(await model.forward({ a: one, b: two }).array(), await expected.array());
  const stacked = nn.sequential([encoder, nn.dense(1)]).build([4]);
  assert.equal(named(stacked).slice(0, 2), ['layers.0.dense.weight', 'layers.0.dense.bias']);
});

test('a part of a graph is a model too', async () => {
  const x = nn.input([4]);
  const hidden = nn.dense(3).apply(x);
  const output = nn.dense(2).apply(hidden);
  const input = values(4, [1, 4]);
  const features = nn.model(x, hidden).forward(input);
  const head = nn.model(hidden, output);
  assert.equal(named(head), ['dense.weight', 'dense.bias']);
  const whole = nn.model(x, output).forward(input);
  assert.equal(await head.forward(features).array(), await whole.array());
});

test('layers of one’s own take several inputs and give several outputs', async () => {
  const film = new Film();
  const [x, by] = [nn.input([3]), nn.input([2])];
  const [product, scale] = film.apply({ x, by });
  const model = nn.model({ x, by }, { product, scale });
  assert.equal(film.seen, { x: [1, 3], by: [1, 2] });
  assert.equal(named(model), ['film.offset', 'film.scale.weight', 'film.scale.bias']);
  const given = { x: values(6, [2, 3]), by: values(4, [2, 2]) };
  const { product: computed } = model.forward(given);
  assert.equal(await computed.array(), await film.forward(given)[0].array());
  assert.equal(new Film().build({ x: [3], by: [2] }).parameterCount, 3 + 2 * 3 + 3);
  refuses(() => film.forward([1] as never), ArgumentError, /film: takes a tensor, got an array/);
});

test('f16 is handed on, and steps can be compiled', async () => {
  random.seed(3);
  const x = nn.input([4]);
  const stem = nn.dense(8, { activation: 'relu' }).apply(x);
  const model = nn.model(x, { a: nn.dense(1).apply(stem), b: nn.dense(1).apply(stem) });
  const optimizer = optim.sgd(model.variables, { lr: 0.1 });
  const step = compile((inputs: AnyTensor) => {
    const { a, b } = model.forward(inputs, { training: true, precision: 'f16' });
    const loss = losses.meanSquaredError(a.add(b), zeros(a.shape));
    optimizer.step(loss);
    return loss;
  });
  const inputs = values(32, [8, 4]);
  const first = await (await step(inputs)).item();
  for (let i = 0; i < 9; i++) await step(inputs);
  assert.ok((await (await step(inputs)).item()) < first / 2);
});

test('errors name the layer and the shapes', () => {
  const [a, b] = [nn.input([4, 3], { name: 'left' }), nn.input([5, 2])];
  refuses(
    () => nn.concat([a, b], -1, { name: 'join' }),
    ShapeError,
    /^concat 'join' on \(None, 4, 3\), \(None, 5, 2\): concat: \[1,4,3\] and \[1,5,2\] may differ/,
  );
  refuses(
    () => nn.model(b, nn.flatten().apply(a)),
    ArgumentError,
    /The input 'left' \(None, 4, 3\) leads/,
  );
  const model = nn.model({ a, b }, nn.concat([nn.flatten().apply(a), nn.flatten().apply(b)]));
  const right = { a: zeros([2, 4, 3]), b: zeros([2, 5, 2]) };
  assert.equal(model.forward(right).shape, [2, 22]);
  refuses(
    () => model.forward({ ...right, a: zeros([2, 3, 4]) }),
    ShapeError,
    /model: the input 'left' is \[2,3,4\], but the model is made for \(None, 4, 3\)/,
  );
  refuses(() => model.forward({ a: right.a } as never), ArgumentError, /the input 'b' is missing/);
  refuses(
    () => model.forward({ ...right, c: right.a } as typeof right),
    ArgumentError,
    /no input 'c'/,
  );
  refuses(() => nn.dense(2).apply(zeros([2, 4]) as never), ArgumentError, /Use layer.forward\(x\)/);
  refuses(() => nn.dense(2).forward(a as never), ArgumentError, /Use layer.apply\(x\)/);
  refuses(() => (a as never as AnyTensor).add(1), ArgumentError, /nn\.add\(\[a, b\]\)/);
  refuses(() => nn.model([a, a], nn.flatten().apply(a)), ArgumentError, /given twice/);
  const missing = /^model: inputs must be symbolic values.*got undefined/;
  for (const inputs of [undefined, [a, undefined], { a: undefined }]) {
    refuses(() => nn.model(inputs as never, nn.flatten().apply(a)), ArgumentError, missing);
  }
});

test('the summary tells what each layer is applied to', () => {
  const [image, age] = [nn.input([4, 4, 1], { name: 'image' }), nn.input([2])];
  const shared = nn.dense(3);
  const features = shared.apply(nn.flatten().apply(image));
  const joined = nn.concat([features, shared.apply(nn.dense(16).apply(age))]);
  const inner = nn.input([6]);
  const head = nn.model(inner, nn.dense(2).apply(inner));
  const model = nn.model(
    { image, age },
    { classes: head.apply(joined), raw: nn.dense(1).apply(age) },
  );
  assert.is(
    nn.summary(model),
    `
Layer            Output shape     Param #  Applied to
───────────────────────────────────────────────────────
image (input)    (None, 4, 4, 1)
age (input)      (None, 2)
flatten          (None, 16)             0  image
dense            (None, 3)             51  flatten
dense_1          (None, 16)            48  age
dense            (None, 3)         shared  dense_1
concat           (None, 6)              0  dense, dense
classes          (None, 2)                 concat
  input (input)  (None, 6)
  dense          (None, 2)             14  input
raw              (None, 1)              3  age
───────────────────────────────────────────────────────
Total params: 116
Trainable params: 116
Non-trainable params: 0`.trimStart(),
  );
});

test.run();
