import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  nn,
  ones,
  optim,
  random,
  ShapeError,
  Variable,
} from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const input = ones([2, 4]);
const linear = () => nn.dense(4, { bias: false });

/** Applies layers one after the other. */
abstract class Chain extends nn.Layer {
  readonly type: string = 'chain';

  protected abstract steps(): readonly nn.Layer[];

  protected compute(x: AnyTensor, mode: nn.Mode): AnyTensor {
    return this.steps().reduce((at, layer) => layer.forward(at, mode), x);
  }
}

/** Holds layers and a variable in every way in which they are found. */
class Everywhere extends Chain {
  readonly scale = new Variable(ones([4]));
  readonly last = linear();
  readonly list = [linear(), linear()];
  readonly record = { first: linear(), second: linear() };
  readonly stages = [{ main: linear(), shortcut: undefined, name: 'stage' }];

  protected steps() {
    const { list, record, stages, last } = this;
    return [...list, record.first, record.second, ...stages.map(({ main }) => main), last];
  }

  protected override compute(x: AnyTensor, mode: nn.Mode): AnyTensor {
    return super.compute(x, mode).mul(this.scale.value);
  }
}

const namesOf = (model: nn.Layer) => [...model.namedVariables().keys()];

test('what the properties of a layer hold is named by them, in the order they are declared', () => {
  const model = nn.sequential([new Everywhere()]).build([4]);
  assert.equal(namesOf(model), [
    'layers.0.scale',
    'layers.0.last.weight',
    'layers.0.list.0.weight',
    'layers.0.list.1.weight',
    'layers.0.record.first.weight',
    'layers.0.record.second.weight',
    'layers.0.stages.0.main.weight',
  ]);
  assert.equal([...model.namedVariables().values()], model.variables);
  assert.equal([...model.namedLayers().keys()].slice(0, 4), [
    '',
    'layers.0',
    'layers.0.last',
    'layers.0.list.0',
  ]);
});

test('all of it trains', async () => {
  random.seed(2);
  const model = new Everywhere().build([4]);
  const before = await Promise.all(model.variables.map((variable) => variable.data()));
  const optimizer = optim.sgd(model.trainableVariables, { lr: 0.1 });
  await optimizer.step(model.forward(input, { training: true }).square().mean());
  const after = await Promise.all(model.variables.map((variable) => variable.data()));
  assert.is(after.length, 7);
  for (const [i, name] of namesOf(model).entries()) {
    assert.ok(
      after[i]!.some((value, at) => value !== before[i]![at]),
      `${name} changes`,
    );
  }
});

test('a layer in two properties has its first name alone', () => {
  class Twice extends Chain {
    readonly first = linear();
    readonly second = linear();
    readonly third = this.first;
    protected steps = () => [this.first, this.second, this.third];
  }
  const model = new Twice().build([4]);
  assert.equal(namesOf(model), ['first.weight', 'second.weight']);
  assert.is(model.parameterCount, 32);
});

test('what was built before is found before the layer around it is called', () => {
  const inner = linear().build([4]);
  const model = nn.sequential([nn.flatten(), inner]);
  assert.equal(namesOf(model), ['layers.1.weight']);
  assert.equal(model.trainableVariables, inner.variables);
});

test('children state another order, or other names', () => {
  class Listed extends Chain {
    readonly head = linear();
    readonly body = [linear(), linear()];
    override readonly children = [...this.body, this.head, linear()];
    protected steps = () => this.children;
  }
  assert.equal(namesOf(new Listed().build([4])), [
    'body.0.weight',
    'body.1.weight',
    'head.weight',
    'children.3.weight',
  ]);

  class Renamed extends Chain {
    readonly fc = linear();
    readonly conv = linear();
    override readonly children = { stem: this.conv, 'classifier.0': this.fc };
    protected steps = () => [this.conv, this.fc];
  }
  assert.equal(namesOf(new Renamed().build([4])), ['stem.weight', 'classifier.0.weight']);
});

/** A layer that holds something in its only property. */
class Holder extends nn.Layer {
  readonly type = 'holder';
  readonly held: unknown;
  override readonly children: readonly nn.Layer[] | undefined;

  constructor(held: unknown, children?: readonly nn.Layer[]) {
    super();
    this.held = held;
    this.children = children;
  }

  protected compute(x: AnyTensor): AnyTensor {
    return x;
  }
}

test('a layer that would not be found is refused when the model is built', () => {
  class Block {
    readonly inner = { dense: linear() };
  }
  const lost: [unknown, (readonly nn.Layer[])?][] = [
    [new Map([['main', linear()]])],
    [new Set([linear()])],
    [new Block()],
    [[{ blocks: new Map([[1, [linear()]]]) }]],
    [linear(), []],
    [[linear(), linear()], [linear()]],
  ];
  for (const [held, children] of lost) {
    const model = nn.sequential([nn.flatten(), new Holder(held, children)]);
    refuses(
      () => model.build([4]),
      ArgumentError,
      /^holder: the property 'held' holds a dense layer .* neither be trained nor saved.*'children'/,
    );
  }
  const variable = new Variable(ones([1]), { name: 'scale' });
  refuses(
    () => new Holder(new Map([['scale', variable]])).build([4]),
    ArgumentError,
    /^holder: the property 'held' holds variable 'scale' .*own\(\)/,
  );
});

test('a map of what is found elsewhere is let be, as is what is no layer', () => {
  const inner = linear();
  const body = nn.sequential([inner]);
  class Indexed extends Chain {
    readonly body = body;
    readonly byName = new Map([['inner', inner]]);
    readonly cache = { input, bytes: new Uint8Array(3), nothing: null };
    protected steps = () => [this.body];
  }
  assert.equal(namesOf(new Indexed().build([4])), ['body.layers.0.weight']);
});

test('a private #field is no part of the layer', () => {
  class Guided extends Chain {
    readonly #teacher = linear();
    readonly student = linear();
    protected steps = () => [this.#teacher, this.student];
  }
  assert.equal(namesOf(new Guided().build([4])), ['student.weight']);
});

test('layers that know one another are listed once', () => {
  class Knowing extends Chain {
    other: nn.Layer | undefined;
    readonly inner = linear();
    protected steps = () => [this.inner];
  }
  const [one, two] = [new Knowing(), new Knowing()];
  [one.other, two.other] = [two, one];
  two.build([4]);
  assert.equal(namesOf(one.build([4])), ['other.inner.weight', 'inner.weight']);
});

test('paths that are the same are refused', () => {
  refuses(
    () => new Holder({ 'a.b': linear(), a: { b: linear() } }).build([4]),
    ArgumentError,
    /^namedLayers: two layers are called 'held.a.b'/,
  );
});

test('its inner layers are traced and summarised', () => {
  const seen: string[] = [];
  nn.traceLayers(new Everywhere(), input, { training: false }, (_, path) => {
    seen.push(path);
  });
  assert.equal(seen, [
    '',
    'list.0',
    'list.1',
    'record.first',
    'record.second',
    'stages.0.main',
    'last',
  ]);
  assert.match(nn.summary(new Everywhere(), [4]), /\ndense_5 +\(None, 4\) +16\n/);
});

test('variables of a shape that was refused are not kept beside those of the next', () => {
  const layer = nn.groupNorm(3);
  refuses(() => layer.forward(ones([2, 5, 4])), ShapeError, /^groupNorm: the 4 channels/);
  layer.forward(ones([2, 5, 6]));
  assert.equal(
    layer.variables.map(({ shape }) => shape),
    [[6], [6]],
  );
  assert.equal(namesOf(layer), ['weight', 'bias']);
});

test('a layer that is made while its parent computes, and is lost, is refused too', () => {
  class Late extends nn.Layer {
    readonly type: string = 'late';
    readonly made = new Map<string, nn.Layer>();

    protected compute(x: AnyTensor, mode: nn.Mode): AnyTensor {
      const inner = this.made.get('inner') ?? linear();
      this.made.set('inner', inner);
      return inner.forward(x, mode);
    }
  }
  refuses(
    () => new Late().build([4]),
    ArgumentError,
    /^late: the property 'made' holds a dense layer/,
  );
});

test.run();
