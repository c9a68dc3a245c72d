import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nn } from '../../src/index.ts';
import { smallModels } from '../optim/small-models.ts';

test('lists layers, shapes and parameters, nested ones indented', () => {
  assert.is(
    nn.summary(smallModels.resnet(), [12, 12, 1]),
    `
Layer                  Output shape       Param #
─────────────────────────────────────────────────
conv2d                 (None, 12, 12, 6)       60
max_pool2d             (None, 6, 6, 6)          0
residual               (None, 3, 3, 8)
  conv2d_1             (None, 3, 3, 8)         56
  sequential           (None, 3, 3, 8)
    conv2d_2           (None, 6, 6, 8)        432
    batch_norm         (None, 6, 6, 8)         32
    relu               (None, 6, 6, 8)          0
    max_pool2d_1       (None, 3, 3, 8)          0
batch_norm_1           (None, 3, 3, 8)         32
relu_1                 (None, 3, 3, 8)          0
global_average_pool2d  (None, 8)                0
dropout                (None, 8)                0
dense                  (None, 10)              90
─────────────────────────────────────────────────
Total params: 702
Trainable params: 670
Non-trainable params: 32`.trimStart(),
  );
});

test('writes large counts with separators, and a layer by itself as one row', () => {
  assert.is(
    nn.summary(nn.dense(2000), [784]),
    `
Layer  Output shape    Param #
──────────────────────────────
dense  (None, 2000)  1,570,000
──────────────────────────────
Total params: 1,570,000
Trainable params: 1,570,000
Non-trainable params: 0`.trimStart(),
  );
});

test('leaves the model as it was, also when it cannot be built', () => {
  const inner = nn.conv2d(3, 3);
  const model = nn.sequential([inner, nn.flatten()]);
  assert.throws(() => nn.summary(model, [5]), /needs images/);
  assert.not(Object.hasOwn(inner, 'forward'));
  assert.match(nn.summary(model, [5, 5, 1]), 'conv2d   (None, 3, 3, 3)');
  assert.not(Object.hasOwn(inner, 'forward'));
});

test.run();
