import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, nn, ShapeError, tensor } from '../../../src/index.ts';
import { assertGradients } from '../../autograd/differentiation.ts';
import { NdArray } from '../../reference/array.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { refuses } from '../../tensor/refusal.ts';
import { scatterVariables } from './layer-values.ts';

const test = suite('nn: timeDistributed');

test('applies a layer to each step, and has its weights', async () => {
  const layer = nn.timeDistributed(nn.conv1d(2, 2)).build([3, 4, 1]);
  assert.equal([...layer.namedVariables().keys()], ['layer.weight', 'layer.bias']);
  const [filter, bias] = (await scatterVariables(layer)) as [NdArray, NdArray];
  await assertGradients({
    f: (x) => layer.forward(x),
    reference: (x) =>
      NdArray.build([2, 3, 3, 2], ([n = 0, step = 0, at = 0, k = 0]) =>
        [0, 1].reduce(
          (sum, tap) => sum + x.at(n, step, at + tap, 0) * filter.at(tap, 0, k),
          bias.at(k),
        ),
      ),
    inputs: [spread([2, 3, 4, 1], 1, [-1, 1])],
  });
});

test('a batch norm within takes steps for examples', async () => {
  const layer = nn.timeDistributed(nn.batchNorm({ momentum: 0 })).build([2, 1]);
  layer.forward(
    tensor([
      [[1], [2]],
      [[3], [6]],
    ]),
    { training: true },
  );
  const mean = layer.namedVariables().get('layer.running_mean')!;
  assert.is(await mean.value.item(), 3);
});

test('refuses what is no layer, and inputs without steps', () => {
  refuses(() => nn.timeDistributed(nn.relu as never), ArgumentError, /Call it/);
  const layer = nn.timeDistributed(nn.dense(2));
  refuses(
    () => layer.build([3]),
    ShapeError,
    /needs sequences \[batch, length, \.\.\.features\], got \[1,3\]/,
  );
});

test.run();
