import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  avgPool1d,
  DTypeError,
  maxPool1d,
  type Pool1dOptions,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { refuses } from '../../refusal.ts';
import { type Case, cases, checkGradients, checkValues, checkWinners } from './any-axes.ts';

const test = suite('tensor: pooling of sequences');

const pools = { max: maxPool1d, avg: avgPool1d };
const plain: Case = {
  ...{ batch: 2, sizes: [7], channels: 2, filterSize: [3], strides: [2], dilations: [1] },
  ...{ padding: 'valid', dimRoundingMode: 'floor' },
};

test('any sequences, window, stride, dilation, padding and rounding', () =>
  checkValues(pools, cases(1, 15)));

test('gradients, twice', async () => {
  await checkGradients(pools, plain);
  await checkGradients(pools, { ...plain, padding: 'same' });
  await checkGradients(pools, { ...plain, strides: [4], filterSize: [2] });
  await checkGradients(pools, { ...plain, dilations: [2], padding: [1, 3] });
  await checkGradients(pools, { ...plain, dimRoundingMode: 'ceil', sizes: [6] });
});

test('the first maximum or NaN of a window gets its gradient', async () => {
  for (const channels of [1, 4]) {
    await checkWinners(pools, { ...plain, channels, padding: 'same' });
    await checkWinners(pools, { ...plain, channels, strides: plain.filterSize });
  }
  await checkWinners(pools, { ...plain, dilations: plain.dilations.map(() => 2), padding: 'same' });
});

for (const [name, pool] of Object.entries({ maxPool1d, avgPool1d })) {
  test(`${name}: what does not fit, and nothing to pool`, () => {
    assert.equal(pool(zeros([0, 4, 3])).shape, [0, 2, 3]);
    const throws = (options: unknown, message: RegExp, kind: typeof ShapeError = ShapeError) =>
      refuses(() => pool(zeros([1, 4, 2]), options as Pool1dOptions), kind, message);
    throws({ filterSize: 7 }, /a window of 7 does not fit into an image of 4/);
    throws({ filterSize: 0 }, new RegExp(`^${name} filterSize`));
    throws({ padding: 2 }, /padding \[2,2\] must be smaller than the window/);
    const apart = { dilations: 5, padding: 1, strides: 1 };
    throws(apart, /a window would lie in the padding alone: its elements lie 5 apart, .* of 4/);
    throws({ dimRoundingMode: 'up' }, /dimRoundingMode 'up' must be one of/, ArgumentError);
    refuses(
      () => pool(zeros([1, 0, 2]), { padding: 'same' }),
      ShapeError,
      /nothing to pool|does not fit/,
    );
    refuses(() => pool(zeros([2, 2])), ShapeError, /needs sequences/);
    refuses(() => pool(zeros([1, 4, 2]).cast('i32')), DTypeError, /takes f32/);
  });
}

test.run();
