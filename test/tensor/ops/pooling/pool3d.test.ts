import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ArgumentError,
  avgPool3d,
  DTypeError,
  maxPool3d,
  type Pool3dOptions,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { refuses } from '../../refusal.ts';
import { type Case, cases, checkGradients, checkValues, checkWinners } from './any-axes.ts';

const test = suite('tensor: pooling of volumes');

const pools = { max: maxPool3d, avg: avgPool3d };
const plain: Case = {
  ...{
    batch: 1,
    sizes: [3, 4, 3],
    channels: 2,
    filterSize: [2, 3, 2],
    strides: [1, 2, 2],
    dilations: [1, 1, 1],
  },
  ...{ padding: 'valid', dimRoundingMode: 'floor' },
};

test('any volumes, window, stride, dilation, padding and rounding', () =>
  checkValues(pools, cases(3, 5)));

test('gradients, twice', async () => {
  await checkGradients(pools, plain);
  await checkGradients(pools, { ...plain, padding: 'same' });
  await checkGradients(pools, { ...plain, strides: [3, 4, 2], filterSize: [2, 2, 1] });
  await checkGradients(pools, { ...plain, dilations: [2, 1, 1], padding: [1, 0, 1, 1, 0, 1] });
  await checkGradients(pools, { ...plain, dimRoundingMode: 'ceil' });
});

test('the first maximum or NaN of a window gets its gradient', async () => {
  for (const channels of [1, 4]) {
    await checkWinners(pools, { ...plain, channels, padding: 'same' });
    await checkWinners(pools, { ...plain, channels, strides: plain.filterSize });
  }
  await checkWinners(pools, { ...plain, dilations: plain.dilations.map(() => 2), padding: 'same' });
});

for (const [name, pool] of Object.entries({ maxPool3d, avgPool3d })) {
  test(`${name}: what does not fit, and nothing to pool`, () => {
    assert.equal(pool(zeros([0, 4, 4, 4, 3])).shape, [0, 2, 2, 2, 3]);
    const throws = (options: unknown, message: RegExp, kind: typeof ShapeError = ShapeError) =>
      refuses(() => pool(zeros([1, 4, 5, 6, 2]), options as Pool3dOptions), kind, message);
    throws({ filterSize: 7 }, /a window of 7×7×7 does not fit into an image of 4×5×6/);
    throws({ filterSize: 0 }, new RegExp(`^${name} filterSize`));
    throws({ padding: 2 }, /padding \[2,2,2,2,2,2\] must be smaller than the window/);
    throws({ dimRoundingMode: 'up' }, /dimRoundingMode 'up' must be one of/, ArgumentError);
    refuses(
      () => pool(zeros([1, 0, 3, 3, 2]), { padding: 'same' }),
      ShapeError,
      /nothing to pool|does not fit/,
    );
    refuses(() => pool(zeros([2, 2])), ShapeError, /needs volumes/);
    refuses(() => pool(zeros([1, 4, 5, 6, 2]).cast('i32')), DTypeError, /takes f32/);
  });
}

test.run();
