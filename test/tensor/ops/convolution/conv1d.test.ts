import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type Conv1dOptions,
  conv1d,
  DTypeError,
  ShapeError,
  tensor,
  zeros,
} from '../../../../src/index.ts';
import { refuses } from '../../refusal.ts';
import { type Case, cases, checkGradients, checkValues, forwards } from './any-axes.ts';

const test = suite('tensor: conv1d');

const subject = forwards(conv1d);
const plain: Case = {
  ...{ batch: 2, sizes: [5], window: [3], strides: [1], dilations: [1], padding: 'valid' },
  ...{ groups: 1, perGroup: [2, 3] },
};

test('five numbers by three', async () => {
  const x = tensor([1, 2, 3, 4, 5]).reshape([1, 5, 1]);
  const filter = tensor([1, 10, 100]).reshape([3, 1, 1]);
  const values = async (options?: Conv1dOptions) => [...(await conv1d(x, filter, options).data())];
  assert.equal(await values(), [321, 432, 543]);
  assert.equal(await values({ padding: 'same', strides: 2 }), [210, 432, 54]);
  assert.equal(await values({ padding: 'causal' }), [100, 210, 321, 432, 543]);
  assert.equal(await values({ padding: [1, 0], dilations: 2 }), [420, 531]);
});

test('any sequence, filter, stride, dilation, padding and groups', () =>
  checkValues(subject, cases(1, ['valid', 'same', 'causal'], 20)));

test('gradients, twice', async () => {
  await checkGradients(subject, plain);
  await checkGradients(subject, { ...plain, strides: [4], window: [2], padding: 'same' });
  await checkGradients(subject, { ...plain, dilations: [2], padding: 'causal' });
  await checkGradients(subject, { ...plain, groups: 2, perGroup: [2, 1], padding: [3, 1] });
  await checkGradients(subject, { ...plain, groups: 4, perGroup: [1, 2], padding: 'same' });
});

test('nothing to convolve', async () => {
  assert.equal(conv1d(zeros([0, 4, 2]), zeros([3, 2, 5])).shape, [0, 2, 5]);
  assert.equal(conv1d(zeros([1, 4, 2]), zeros([3, 2, 0])).shape, [1, 2, 0]);
  assert.equal([...(await conv1d(zeros([1, 3, 0]), zeros([2, 0, 1])).data())], [0, 0]);
});

test('what does not fit', () => {
  const x = zeros([1, 4, 2]);
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv1d(x, w, options as Conv1dOptions), kind, message);
  throws(zeros([3, 3, 8]), {}, /^conv1d: sequences \[1,4,2\] have 2 channels/);
  throws(zeros([3, 2]), {}, /^conv1d: needs sequences \[N, L, C\] and filters \[K, C, O\]/);
  throws(zeros([5, 2, 8]), {}, /^conv1d: a window of 5 does not fit into an image of 4/);
  throws(zeros([3, 2, 8]), { strides: 0 }, /^conv1d strides: 0 must be a whole number of 1/);
  throws(zeros([3, 2, 8]), { strides: [1, 1] }, /^conv1d strides: \[1, 1\]/);
  throws(zeros([3, 2, 8]), { padding: [1] }, /^conv1d: padding \[1\].*\[before, after\]/);
  throws(zeros([3, 2, 8]), { groups: 3 }, /O a multiple of groups/);
  throws(zeros([0, 2, 8]), {}, /no elements/);
  throws(zeros([3, 2, 8]).cast('i32'), {}, /^conv1d takes f32/, DTypeError);
});

test.run();
