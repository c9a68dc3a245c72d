import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, nn, ones, random, ShapeError } from '../../../../src/index.ts';
import { refuses } from '../../../tensor/refusal.ts';

const test = suite('nn: noise and dropout of channels');

const TRAINING = { training: true };

test.before(() => random.seed(5));

test('gaussianNoise adds normal noise in training alone', async () => {
  const layer = nn.gaussianNoise(0.5);
  const x = ones([200, 200]);
  assert.is(layer.forward(x), x);
  const values = [...(await layer.forward(x, TRAINING).data())];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean - 1) < 0.02 && Math.abs(variance - 0.25) < 0.01, `${mean}, ${variance}`);
});

test('gaussianDropout multiplies by normal noise of the variance of dropout in training alone', async () => {
  const layer = nn.gaussianDropout(0.2);
  const x = ones([200, 200]);
  assert.is(layer.forward(x), x);
  const values = [...(await layer.forward(x.mul(2), TRAINING).data())];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean - 2) < 0.04 && Math.abs(variance - 1) < 0.04, `${mean}, ${variance}`);
  refuses(() => nn.gaussianDropout(1), ArgumentError, /rate 1 must be a number of 0 or more and/);
});

test('spatialDropout drops whole channels of an example in training alone', async () => {
  for (const [layer, shape] of [
    [nn.spatialDropout1d(0.25), [50, 12, 40]],
    [nn.spatialDropout2d(0.25), [50, 3, 4, 40]],
    [nn.spatialDropout3d(0.25), [50, 3, 2, 2, 40]],
  ] as const) {
    const x = ones(shape);
    assert.is(layer.forward(x), x);
    const values = await layer.forward(x, TRAINING).data();
    let dropped = 0;
    for (let example = 0; example < 50; example++) {
      for (let channel = 0; channel < 40; channel++) {
        const places = Array.from(
          { length: 12 },
          (_, i) => values[(example * 12 + i) * 40 + channel]!,
        );
        assert.is(new Set(places).size, 1, 'a channel is whole');
        if (places[0] === 0) dropped++;
        else assert.ok(Math.abs(places[0]! - 4 / 3) < 1e-6);
      }
    }
    assert.ok(Math.abs(dropped / 2000 - 0.25) < 0.04, `${dropped}`);
  }
});

test('what does not fit', () => {
  refuses(() => nn.gaussianNoise(-1), ArgumentError, /^gaussianNoise: std -1/);
  refuses(() => nn.spatialDropout2d(2), ArgumentError, /^spatialDropout2d: rate 2/);
  refuses(
    () => nn.spatialDropout1d(0.5).build([4]),
    ShapeError,
    /^spatialDropout1d: needs sequences/,
  );
});

test.run();
