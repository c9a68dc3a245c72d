import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  type Conv3dTransposeOptions,
  conv3d,
  conv3dTranspose,
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

const test = suite('tensor: conv3dTranspose');

const subject = backwards(conv3dTranspose);
const plain: Case = {
  ...{ batch: 1, sizes: [2, 2, 1], window: [2, 1, 2], strides: [1, 1, 1], dilations: [1, 1, 1] },
  ...{ padding: 'valid', groups: 1, perGroup: [2, 3] },
};

test('any input, filter, stride, dilation, padding and groups', () => {
  const drawn = cases(3, ['valid', 'same'], 3);
  return checkValues(
    subject,
    drawn.filter((one) => transposedSizes(one).every((size) => size > 0)),
  );
});

test('gradients, twice', async () => {
  await checkGradients(subject, plain);
  await checkGradients(subject, { ...plain, strides: [2, 3, 1], padding: 'same' });
  await checkGradients(subject, { ...plain, strides: [3, 1, 2] });
  await checkGradients(subject, {
    ...{ ...plain, strides: [2, 1, 1], dilations: [2, 1, 2], padding: [1, 1, 0, 0, 1, 0] },
  });
  await checkGradients(subject, { ...plain, groups: 2, perGroup: [1, 2] });
});

test('an output padding is what a convolution passed over at the end', async () => {
  const shape = [2, 6, 5, 7, 2];
  const options = { strides: [2, 3, 2], padding: 1 } as const;
  const x = upload(spread(shape, 1, [-1, 1]));
  const filter = upload(spread([2, 2, 3, 2, 3], 2, [-1, 1]));
  const y = conv3d(x, filter, options);
  const g = upload(spread(y.shape, 3, [-1, 1]));
  const back = conv3dTranspose(g, filter, { ...options, outputPadding: [0, 2, 0] });
  assert.equal(back.shape, shape);
  const [expected] = grad(y, [x], g);
  assertClose(await download(back), await download(expected), { scale: 4 });
});

test('what does not fit, and nothing to convolve', () => {
  const filter = zeros([3, 3, 3, 4, 3]);
  assert.is(conv3dTranspose(zeros([0, 2, 2, 2, 3]), filter).size, 0);
  const x = zeros([1, 3, 3, 3, 3]);
  const throws = (w: AnyTensor, options: unknown, message: RegExp, kind = ShapeError) =>
    refuses(() => conv3dTranspose(x, w, options as Conv3dTransposeOptions), kind, message);
  throws(zeros([3, 3, 3, 3, 4]), {}, /^conv3dTranspose: needs .* O \/ groups, C\]/);
  throws(zeros([3, 3]), {}, /^conv3dTranspose: needs volumes .* O, C\]/);
  throws(filter, { groups: 2 }, /C a multiple of 2 group/);
  throws(filter, { padding: 9 }, /leaves nothing of images of 3/);
  throws(filter, { outputPadding: 1 }, /outputPadding .* must be below the strides/, ArgumentError);
  throws(filter, { strides: 2, padding: 'same', outputPadding: 1 }, /outputPadding/, ArgumentError);
});

test.run();
