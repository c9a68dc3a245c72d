import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeModel } from '../../../examples/browser/models/catalogue.ts';
import { LAYER_NAMES, modelOf } from '../../../examples/browser/models/layer-list.ts';
import { Call, LayerListError, parseCalls } from '../../../examples/browser/models/syntax.ts';
import {
  CUSTOM_LAYERS,
  MODEL_TITLES,
  type ModelName,
} from '../../../examples/browser/models/titles.ts';
import { resnet } from '../../../examples/mnist/models.ts';

const test = suite('playground: lists of layers');
const SHAPE = [28, 28, 1] as const;

test('calls are read with what stands in them', () => {
  const [dense, residual] = parseCalls(
    `nn.dense(64, { activation: 'relu', "useBias": false }), // comment\nresidual([tanh()], [])`,
  );
  assert.equal(dense?.args, [64, { activation: 'relu', useBias: false }]);
  assert.is(dense?.name, 'dense');
  assert.equal(residual?.place, { line: 2, column: 1 });
  const [list] = residual?.args ?? [];
  assert.ok(Array.isArray(list) && list[0] instanceof Call);
  assert.equal(parseCalls('f(-1.5e-3, [3, .5], true)')[0]?.args, [-0.0015, [3, 0.5], true]);
});

const wrong: [text: string, place: [number, number], message: RegExp][] = [
  ['dense(10', [1, 9], /Here is the end, where , is expected/],
  ['dense(10))', [1, 10], /Here is \), where a layer or a value/],
  ['flatten(),\ndense(10) ;', [2, 11], /';' has no meaning here/],
  ['10', [1, 1], /A layer is a call/],
  ['flatten(),\n  danse(10)', [2, 3], /no layer danse/],
  ['constructor(10)', [1, 1], /no layer constructor/],
  ['flatten(), dense(0)', [1, 12], /dense: units/],
  ["flatten(), dense(9, { activation: 'rely' })", [1, 12], /relu/],
  ['flatten(), dense(9, { aktivation: 1 })', [1, 12], /activation/],
  ['conv2d(4, 3),\nmaxPool2d(2),\nconv2d(4, 30),\nflatten(), dense(10)', [3, 1], /window|30/],
  [
    'residual(\n  [conv2d(4, 3)],\n),\nflatten(), dense(10)',
    [1, 1],
    /residual: the main path gives/,
  ],
  ['flatten(), dense(11)', [1, 12], /gives \[11\].*10 classes/],
  ['', [1, 1], /gives \[28,28,1\]/],
  ['dense("' + 'x', [1, 7], /'"' has no meaning/],
];
for (const [text, [line, column], message] of wrong) {
  test(`'${text.replaceAll('\n', ' ')}' is refused where it is wrong`, () => {
    try {
      modelOf(text, SHAPE);
    } catch (error) {
      assert.instance(error, LayerListError);
      assert.match((error as Error).message, message);
      assert.equal((error as LayerListError).place, { line, column });
      return;
    }
    assert.unreachable();
  });
}

test('every model is built, and a list makes what the code makes', () => {
  for (const name of Object.keys(MODEL_TITLES) as ModelName[]) {
    assert.ok(makeModel(name, CUSTOM_LAYERS).parameterCount > 1000, name);
  }
  const list = `
    conv2d(8, 3, { padding: 'same', activation: 'relu' })
    maxPool2d(2, { padding: 'same' })
    residual(
      [
        conv2d(16, 3, { padding: 'same', activation: 'relu' }),
        maxPool2d(2, { padding: 'same' }),
        conv2d(16, 3, { padding: 'same', activation: 'relu' }),
        maxPool2d(2, { padding: 'same' }),
        conv2d(32, 3, { padding: 'same', activation: 'relu' }),
      ],
      conv2d(32, 1, { strides: 4, padding: 'same', activation: 'relu' }),
    )
    conv2d(32, 3, { padding: 'same', activation: 'relu' })
    maxPool2d(2, { padding: 'same' })
    flatten()
    dense(32, { activation: 'relu' })
    dense(10)`;
  const shapesOf = (model: ReturnType<typeof resnet>) =>
    [...model.namedVariables()].map(([name, { shape }]) => `${name} ${shape}`);
  assert.equal(shapesOf(modelOf(list, SHAPE)), shapesOf(resnet(8).build(SHAPE)));
});

test('docs/playground.md names the layers there are', async () => {
  const page = await readFile(new URL('../../../docs/playground.md', import.meta.url), 'utf8');
  const list = page.split('\n\n').find((paragraph) => paragraph.startsWith('`dense`')) ?? '';
  assert.equal([...list.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(), LAYER_NAMES);
});

test.run();
