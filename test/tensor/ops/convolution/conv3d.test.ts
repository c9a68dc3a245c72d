import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  arange,
  type Conv3dOptions,
  conv3d,
  DTypeError,
  ShapeError,
  tensor,
  zeros,
} from '../../../../src/index.ts';
import { refuses } from '../../refusal.ts';
import { type Case, cases, checkGradients, checkValues, forwards } from './any-axes.ts';

const test = suite('tensor: conv3d');

const subject = forwards(conv3d);
const plain: Case = {
  ...{ batch: 2, sizes: [3, 3, 2], window: [2, 2, 2], strides: [1, 1, 1], dilations: [1, 1, 1] },
  ...{ padding: 'valid', groups: 1, perGroup: [2, 2] },
};

test('eight numbers by four', async () => {
  const x = arange(8).cast('f32').reshape([1, 2, 2, 2, 1]);
  const filter = tensor([1, 10, 100, 1000]).reshape([2, 1, 2, 1, 1]);
  const y = conv3d(x, filter);
  assert.equal(
    [y.shape, [...(await y.data())]],
    [
      [1, 1, 2, 1, 1],
      [5410, 7632],
    ],
  );
});

test('any volume, filter, stride, dilation, padding and groups', () =>
  checkValues(subject, cases(3, ['valid', 'same'], 5)));

test('gradients, twice', async () => {
  await checkGradients(subject, plain);
  await checkGradients(subject, { ...plain, strides: [3, 2, 1], padding: 'same' });
  await checkGradients(subject, {
    ...{ ...plain, batch: 1, dilations: [2, 1, 1], padding: [2, 1, 0, 1, 1, 0] },
  });
  await checkGradients(subject, { ...plain, batch: 1, groups: 2, perGroup: [2, 1] });
  await checkGradients(subject, { ...plain, groups: 2, perGroup: [1, 1], padding: 'same' });
});

test('nothing to convolve', async () => {
  assert.equal(conv3d(zeros([0, 4, 4, 4, 2]), zeros([3, 3, 3, 2, 5])).shape, [0, 2, 2, 2, 5]);
  assert.equal(conv3d(zeros([1, 3, 3, 3, 2]), zeros([3, 3, 3, 2, 0])).shape, [1, 1, 1, 1, 0]);
  const sum = conv3d(zeros([1, 2, 2, 2, 0]), zeros([2, 2, 2, 0, 1]));
  assert.equal([...(await sum.data())], [0]);
});

test('what does not fit', () => {
  const x = zeros([1, 4, 5, 6, 2]);
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv3d(x, w, options as Conv3dOptions), kind, message);
  throws(zeros([3, 3, 3, 3, 8]), {}, /^conv3d: volumes \[1,4,5,6,2\] have 2 channels/);
  throws(zeros([3, 3, 2, 8]), {}, /^conv3d: needs volumes \[N, D, H, W, C\]/);
  throws(zeros([5, 3, 3, 2, 8]), {}, /a window of 5×3×3 does not fit into an image of 4×5×6/);
  throws(zeros([3, 3, 3, 2, 8]), { strides: [1, 2] }, /^conv3d strides.*one or three/);
  throws(zeros([3, 3, 3, 2, 8]), { padding: [1, 1] }, /\[front, back, top, bottom, left, right\]/);
  throws(zeros([3, 3, 0, 2, 8]), {}, /no elements/);
  throws(zeros([3, 3, 3, 2, 8]).cast('i32'), {}, /^conv3d takes f32/, DTypeError);
});

test.run();
