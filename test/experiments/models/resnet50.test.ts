import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backbone, resnet50 } from '../../../experiments/models/cifar10/resnet50.ts';
import { type AnyTensor, type nn, ones, realize, zeros } from '../../../src/index.ts';
import { bottleneck, convolution, dense, norm } from './keras-count.ts';
import { type Call, callsOf, kindsOf } from './layer-calls.ts';

const test = suite('ResNet-50');

/** He et al., "Deep residual learning", 2016, table 1: blocks and channels of each stage. */
const STAGES = [
  [3, [64, 64, 256]],
  [4, [128, 128, 512]],
  [6, [256, 256, 1024]],
  [3, [512, 512, 2048]],
] as const;

const conventions = ['keras', 'pytorch'] as const;

const countOf = (variables: readonly { readonly size: number }[]) =>
  variables.reduce((sum, { size }) => sum + size, 0);

for (const convention of conventions) {
  test(`has the parameters Keras counts: ${convention}`, () => {
    let byHand = convolution(7, 3, 64) + norm(64);
    let inputs = 64;
    for (const [blocks, widths] of STAGES) {
      for (let i = 0; i < blocks; i++) {
        byHand += bottleneck(inputs, widths, { shortcut: i === 0 });
        inputs = widths[2];
      }
    }
    assert.is(byHand, 23_587_712);
    const body = backbone({ convention }).build([32, 32, 3]);
    assert.is(body.parameterCount, byHand);
    assert.is(body.parameterCount - countOf(body.trainableVariables), 53_120);
    const model = resnet50({ convention }).build([32, 32, 3]);
    assert.is(model.parameterCount, byHand + dense(2048, 1024) + dense(1024, 10));
    assert.is(model.parameterCount, 25_696_138);
  });

  test(`has the layers of the paper: ${convention}`, () => {
    assert.equal(kindsOf(callsOf(resnet50({ convention }), [32, 32, 3])), {
      zeroPadding2d: convention === 'keras' ? 2 : 2 + 16,
      conv2d: 1 + 3 * 16 + 4,
      batchNorm: 1 + 3 * 16 + 4,
      relu: 1 + 3 * 16,
      maxPool2d: 1,
      residual: 16,
      globalAveragePool2d: 1,
      dense: 2,
    });
  });

  test(`halves images where ${convention} does`, () => {
    const calls = callsOf(backbone({ convention }), [224, 224, 3]);
    assert.equal(
      calls.slice(1, 7).map(({ to }) => to),
      ['230×230×3', '112×112×64', '112×112×64', '112×112×64', '114×114×64', '56×56×64'],
    );
    const blocks = calls.filter(({ layer }) => layer.type === 'residual');
    const stages = STAGES.flatMap(([count, [, , wide]], stage) => {
      const extent = 56 / 2 ** stage;
      return Array.from({ length: count }, () => `${extent}×${extent}×${wide}`);
    });
    assert.equal(
      blocks.map(({ to }) => to),
      stages,
    );
    const middle = convention === 'keras' ? '28×28×128' : '56×56×128';
    const [padded, by] = convention === 'keras' ? [middle, ''] : ['58×58×128', '.layers.1'];
    assert.equal(convolutionsOf(calls, 'layers.9.layers.0.'), [
      'shortcut.layers.0: 56×56×256 to 28×28×512',
      `main.layers.0: 56×56×256 to ${middle}`,
      `main.layers.3${by}: ${padded} to 28×28×128`,
      'main.layers.6: 28×28×128 to 28×28×512',
    ]);
  });

  test(`adds what ${convention} does to every variance`, async () => {
    const norms = callsOf(backbone({ convention }), [32, 32, 3])
      .map(({ layer }) => layer)
      .filter(({ type }) => type === 'batchNorm');
    const outputs = norms.map(ofNoVariance);
    await realize(...outputs);
    const epsilon = convention === 'keras' ? 1.001e-5 : 1e-5;
    for (const output of outputs) {
      const [value] = await output.data();
      assert.ok(Math.abs((value as number) * Math.sqrt(epsilon) - 1) < 1e-5, `${value}`);
    }
  });
}

/** The convolutions of a block: path, and shapes before and behind. */
function convolutionsOf(calls: readonly Call[], block: string): string[] {
  return calls
    .filter(({ path, layer }) => path.startsWith(block) && layer.type === 'conv2d')
    .map(({ path, from, to }) => `${path.slice(block.length)}: ${from} to ${to}`);
}

/** What batch norm makes of a one if the running variance is 0: 1 / √epsilon. */
function ofNoVariance(layer: nn.AnyLayer): AnyTensor {
  const [, , , variance] = layer.ownVariables;
  const channels = variance?.size as number;
  variance?.assign(zeros([channels]));
  return layer.forward(ones([1, 1, 1, channels])) as AnyTensor;
}

test('takes the small images of CIFAR-10 down to one pixel', () => {
  const calls = callsOf(resnet50(), [32, 32, 3]);
  assert.equal([calls[0]?.to, calls[1]?.to], ['10', '1×1×2048']);
});

test.run();
