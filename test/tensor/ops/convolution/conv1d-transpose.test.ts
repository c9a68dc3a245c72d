import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type Conv1dTransposeOptions,
  conv1d,
  conv1dTranspose,
  grad,
  ShapeError,
  zeros,
} from '../../../../src/index.ts';
import { spread } from '../../arbitraries.ts';
import { assertClose } from '../../closeness.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';
import {
  backwards,
  type Case,
  cases,
  checkGradients,
  checkValues,
  transposedSizes,
} from './any-axes.ts';

const test = suite('tensor: conv1dTranspose');

const subject = backwards(conv1dTranspose);
const plain: Case = {
  ...{ batch: 2, sizes: [3], window: [3], strides: [1], dilations: [1] },
  ...{ padding: 'valid', groups: 1, perGroup: [2, 3] },
};

test('any input, filter, stride, dilation, padding and groups', () => {
  const drawn = cases(1, ['valid', 'same'], 7);
  return checkValues(
    subject,
    drawn.filter((one) => transposedSizes(one).every((size) => size > 0)),
  );
});

test('gradients, twice', async () => {
  await checkGradients(subject, plain);
  await checkGradients(subject, { ...plain, strides: [3], padding: 'same' });
  await checkGradients(subject, { ...plain, strides: [4], window: [2] });
  await checkGradients(subject, { ...plain, strides: [2], dilations: [2], padding: [1, 2] });
  await checkGradients(subject, { ...plain, groups: 2, perGroup: [2, 2], strides: [2] });
  await checkGradients(subject, { ...plain, groups: 3, perGroup: [2, 1] });
});

test('an output padding is what a convolution passed over at the end', async () => {
  const shape = [2, 8, 2];
  const options = { strides: 3, padding: 1 } as const;
  const x = upload(spread(shape, 1, [-1, 1]));
  const filter = upload(spread([3, 2, 3], 2, [-1, 1]));
  const y = conv1d(x, filter, options);
  const g = upload(spread(y.shape, 3, [-1, 1]));
  const back = conv1dTranspose(g, filter, { ...options, outputPadding: 1 });
  assert.equal(back.shape, shape);
  const [expected] = grad(y, [x], g);
  assertClose(await download(back), await download(expected), { scale: 4 });
});

test('what does not fit, and nothing to convolve', () => {
  const filter = zeros([3, 4, 3]);
  assert.is(conv1dTranspose(zeros([0, 2, 3]), filter).size, 0);
  const x = zeros([1, 3, 3]);
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv1dTranspose(x, w, options as Conv1dTransposeOptions), kind, message);
  throws(zeros([3, 3, 4]), {}, /^conv1dTranspose: needs .* O \/ groups, C\]/);
  throws(zeros([3, 3]), {}, /^conv1dTranspose: needs sequences .* O, C\]/);
  throws(filter, { groups: 2 }, /C a multiple of 2 group/);
  throws(filter, { padding: 9 }, /leaves nothing of images of 3/);
  throws(filter, { outputPadding: 1 }, /outputPadding .* must be below the strides/, ArgumentError);
  throws(filter, { strides: 2, padding: 'same', outputPadding: 1 }, /outputPadding/, ArgumentError);
});

test.run();
