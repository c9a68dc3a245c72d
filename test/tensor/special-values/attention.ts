import type { AnyTensor, Tensor } from '../../../src/index.ts';
import { scaledDotProductAttention, tensor, zeros } from '../../../src/index.ts';
import { attentionInKernel } from '../../../src/tensor/ops/attention/fused-attention.ts';
import { NdArray } from '../../reference/array.ts';
import { attention } from '../../reference/attention.ts';
import { lists, rowsOfNumbers } from './others.ts';
import { listed, type Section } from './section.ts';

const op = 'scaledDotProductAttention';
const [query, key, value] = [zeros([1, 1, 1]), zeros([1, 2, 1]), tensor([[[1], [3]]])] as const;

/** Attention to the values 1 and 3 by scores that are what is added to them. */
const attended = (mask: NdArray) =>
  attention(new NdArray([1, 1, 1]), new NdArray([1, 2, 1]), new NdArray([1, 2, 1], [1, 3]), {
    scale: 1,
    mask,
  }).reshape([1]);

const inKernel = (mask: AnyTensor) =>
  attentionInKernel(query, key, value, [1], { causal: false, scale: 1, mask: mask as Tensor });

export const ofAttention: Section = {
  title: 'Attention',
  text: 'f32, two scores a column, of values 1 and 3. A query that sees nothing comes to 0.',
  columns: rowsOfNumbers.map(listed),
  rows: [
    lists(
      op,
      rowsOfNumbers,
      (mask) => scaledDotProductAttention(query, key, value, { mask }),
      attended,
    ),
    { ...lists(op, rowsOfNumbers, inKernel, attended), label: `${op}, of long sequences` },
  ],
};
