import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, ones, Variable, zeros } from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const namesOf = (model: nn.Layer) => [...model.namedVariables().keys()];

/** A layer of one's own, with layers in properties and a list, and one that no property holds. */
class Gated extends nn.Layer {
  readonly type = 'gated';
  readonly gate = nn.dense(4, { activation: 'sigmoid' });
  readonly steps = [nn.dense(4, { bias: false }), nn.dense(4, { bias: false })];
  override readonly children = [...this.steps, this.gate, nn.dense(4)];
  private scale!: Variable;

  protected override createVariables(): void {
    this.scale = this.own(new Variable(ones([4]), { name: 'scale' }) as unknown as Variable);
  }

  protected compute(x: AnyTensor): AnyTensor {
    const [first, second, gate, last] = this.children as [nn.Layer, nn.Layer, nn.Layer, nn.Layer];
    const inner = second.forward(first.forward(x)).mul(gate.forward(x));
    return last.forward(inner).mul(this.scale.value);
  }
}

/** Two variables of one name. */
class Twins extends nn.Layer {
  readonly type = 'twins';

  protected override createVariables(): void {
    for (let i = 0; i < 2; i++) this.own(new Variable(zeros([1]), { name: 'twin' }));
  }

  protected compute(x: AnyTensor): AnyTensor {
    return x;
  }
}

test('variables are named by the path that leads to them', () => {
  const model = nn
    .sequential([
      nn.conv2d(2, 3),
      nn.residual(
        nn.sequential([nn.conv2d(2, 1), nn.batchNorm()]),
        nn.conv2d(2, 1, { bias: false }),
      ),
      nn.concat([nn.flatten(), nn.sequential([nn.flatten(), nn.dense(3)])]),
    ])
    .build([6, 6, 1]);
  assert.equal(namesOf(model), [
    'layers.0.weight',
    'layers.0.bias',
    'layers.1.shortcut.weight',
    'layers.1.main.layers.0.weight',
    'layers.1.main.layers.0.bias',
    'layers.1.main.layers.1.weight',
    'layers.1.main.layers.1.bias',
    'layers.1.main.layers.1.running_mean',
    'layers.1.main.layers.1.running_var',
    'layers.2.branches.1.layers.1.weight',
    'layers.2.branches.1.layers.1.bias',
  ]);
  assert.equal([...model.namedVariables().values()], model.variables);
});

test('a layer used twice has its first name alone', () => {
  const shared = nn.dense(4);
  const model = nn
    .sequential([nn.dense(4), shared, nn.residual(nn.sequential([shared, nn.dense(4)]))])
    .build([4]);
  assert.equal(namesOf(model), [
    'layers.0.weight',
    'layers.0.bias',
    'layers.1.weight',
    'layers.1.bias',
    'layers.2.main.layers.1.weight',
    'layers.2.main.layers.1.bias',
  ]);
});

test('layers of a layer of your own are named by its properties', () => {
  assert.equal(namesOf(new Gated().build([4])), [
    'scale',
    'steps.0.weight',
    'steps.1.weight',
    'gate.weight',
    'gate.bias',
    'children.3.weight',
    'children.3.bias',
  ]);
  assert.equal([...nn.namedVariables({ blocks: [new Gated().build([4])] }).keys()].slice(0, 2), [
    'blocks.0.scale',
    'blocks.0.steps.0.weight',
  ]);
});

test('a model that is a layer has the same names as a plain model', () => {
  const model = nn.sequential([nn.dense(2)]).build([3]);
  assert.equal(nn.namedVariables(model), model.namedVariables());
});

test('two variables of one name are refused', () => {
  refuses(
    () => new Twins().build([1]).namedVariables(),
    ArgumentError,
    /^namedVariables: two variables are called 'twin'/,
  );
});

test.run();
