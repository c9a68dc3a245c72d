import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, nn, type Tensor, tensor } from '../../../../src/index.ts';
import { refuses } from '../../../tensor/refusal.ts';

const test = suite('nn: masked recurrent layers');

test('stepMask tells steps of other numbers than the value', async () => {
  const steps = tensor([
    [
      [0, 1],
      [0, 0],
      [2, 2],
    ],
  ]);
  assert.equal(await nn.stepMask().forward(steps).array(), [[true, false, true]]);
  assert.equal(await nn.stepMask(2).forward(steps).array(), [[true, true, false]]);
  const words = tensor([[3, 0, 1]], { dtype: 'i32' });
  assert.equal(await nn.stepMask().forward(words).array(), [[true, false, true]]);
  refuses(() => nn.stepMask(Number.NaN), ArgumentError, /value NaN must be a number/);
});

test('masked reads the steps that are there, within a model', async () => {
  for (const returnSequences of [false, true]) {
    const layer = nn.gru(2, { returnSequences });
    const x = nn.input([3, 2]);
    const model = nn.model(
      x,
      nn.masked(layer).apply([x, nn.stepMask().apply(x)], { name: 'read' }),
    );
    assert.equal([...model.namedVariables().keys()][0], 'read.layer.weight_ih_l0');
    const given = tensor([
      [
        [1, -1],
        [0, 0],
        [2, 1],
      ],
    ]);
    const short: AnyTensor = tensor([
      [
        [1, -1],
        [2, 1],
      ],
    ]);
    const { sequence, state } = layer.run(short);
    const [first, last] = [sequence.slice([0, 0], [1, 1]), state[0] as Tensor];
    const wanted = returnSequences ? [first, first, last.reshape([1, 1, 2])] : [last];
    const found = [...(await model.forward(given).data())];
    assert.equal(found, (await Promise.all(wanted.map(async (x) => [...(await x.data())]))).flat());
  }
});

test('masked refuses what is no recurrent layer', () => {
  refuses(() => nn.masked(nn.dense(2) as never), ArgumentError, /takes a recurrent layer/);
});

test.run();
