// Convolutions along one and three axes, held to the same reference in the same cases.
import fc from 'fast-check';
import type { AnyTensor } from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import type { NdArray } from '../../../reference/array.ts';
import { samePaddingOfAxis } from '../../../reference/window.ts';
import { type Axis, convolve, convolveBack } from '../../../reference/windows.ts';
import { choices, spread } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertClose } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { download, upload } from '../../transfer.ts';

/** Sizes and steps have a number for each axis, and padding two where it is not a word. */
export interface Case {
  readonly batch: number;
  readonly sizes: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: string | readonly number[];
  readonly groups: number;
  readonly perGroup: readonly [inputs: number, outputs: number];
}

type Convolve = (x: AnyTensor, filter: AnyTensor, options: never) => AnyTensor;

export interface Subject {
  readonly op: Convolve;
  readonly reference: (one: Case, x: NdArray, filter: NdArray) => NdArray;
  readonly shapesOf: (one: Case) => { x: number[]; filter: number[] };
}

const reachOf = ({ window, dilations }: Case, i: number) => (window[i]! - 1) * dilations[i]! + 1;

/** Sides of padding as numbers, where windows move over axes of these sizes. */
function axesOf(one: Case, sizes: readonly number[]): Axis[] {
  return sizes.map((size, i) => {
    const { padding, window, strides, dilations } = one;
    const [stride, dilation] = [strides[i]!, dilations[i]!];
    const same = samePaddingOfAxis(size, window[i]!, stride, dilation);
    const words: Record<string, readonly number[]> = {
      valid: [0, 0],
      causal: [reachOf(one, i) - 1, 0],
      same,
    };
    const sides = typeof padding === 'string' ? words[padding]! : padding.slice(2 * i, 2 * i + 2);
    return { stride, dilation, before: sides[0]!, after: sides[1]! };
  });
}

/** The sizes of what a transposed convolution makes: Keras' for words, PyTorch's for widths. */
export function transposedSizes(one: Case): number[] {
  const { sizes, strides, padding } = one;
  return sizes.map((count, i) => {
    const [stride, reach] = [strides[i]!, reachOf(one, i)];
    if (padding === 'same') return count * stride;
    if (padding === 'valid') return count * stride + Math.max(reach - stride, 0);
    return (count - 1) * stride + reach - Number(padding[2 * i]) - Number(padding[2 * i + 1]);
  });
}

export const forwards = (op: Convolve): Subject => ({
  op,
  reference: (one, x, filter) => convolve(x, filter, axesOf(one, one.sizes), one.groups),
  shapesOf: ({ batch, sizes, window, groups, perGroup: [inputs, outputs] }) => ({
    x: [batch, ...sizes, inputs * groups],
    filter: [...window, inputs, outputs * groups],
  }),
});

export const backwards = (op: Convolve): Subject => ({
  op,
  reference: (one, y, filter) => {
    const sizes = transposedSizes(one);
    return convolveBack(y, filter, axesOf(one, sizes), sizes, one.groups);
  },
  shapesOf: ({ batch, sizes, window, groups, perGroup: [inputs, outputs] }) => ({
    x: [batch, ...sizes, inputs * groups],
    filter: [...window, outputs, inputs * groups],
  }),
});

const small = (max: number) => fc.integer({ min: 1, max });

/** Cases along so many axes whose windows fit, of few sizes but of every kind. */
export function cases(axes: number, words: readonly string[], largest: number): fc.Arbitrary<Case> {
  const each = (max: number) => fc.array(small(max), { minLength: axes, maxLength: axes });
  return fc
    .record({
      batch: small(2),
      sizes: each(largest),
      window: each(3),
      strides: each(3),
      dilations: fc.oneof(fc.constant(new Array<number>(axes).fill(1)), each(2)),
      padding: fc.oneof(
        fc.constantFrom(...words),
        fc.array(fc.nat(2), { minLength: 2 * axes, maxLength: 2 * axes }),
      ),
      groups: fc.constantFrom(1, 1, 2, 3),
      perGroup: fc.tuple(fc.constantFrom(1, 2, 4), fc.constantFrom(1, 3, 4)),
    })
    .filter((one) =>
      axesOf(one, one.sizes).every(
        ({ before = 0, after = 0 }, i) => one.sizes[i]! + before + after >= reachOf(one, i),
      ),
    );
}

export const optionsOf = ({ strides, dilations, padding, groups }: Case) => {
  const plain = <T>(list: readonly T[]) => (list.length === 1 ? list[0] : list);
  return {
    ...{ strides: plain(strides), dilations: plain(dilations) },
    ...{ padding, groups },
  } as never;
};

export function checkValues({ op, reference, shapesOf }: Subject, drawn: fc.Arbitrary<Case>) {
  return holds(
    [drawn, choices],
    async (one, pick) => {
      const shapes = shapesOf(one);
      const [a, b] = [arrange(shapes.x, pick), arrange(shapes.filter, pick.toReversed())];
      const [x, w] = [spread(a.base, 1, [-1, 1]), spread(b.base, 2, [-1, 1])];
      const actual = await download(op(a.view(upload(x)), b.view(upload(w)), optionsOf(one)));
      const expected = reference(one, a.reference(x), b.reference(w));
      const scale = reference(one, a.reference(x.map(Math.abs)), b.reference(w.map(Math.abs)));
      assertClose(actual, expected, { relative: 1e-6, scale }, JSON.stringify(one));
    },
    12,
  );
}

export async function checkGradients({ op, reference, shapesOf }: Subject, one: Case) {
  const shapes = shapesOf(one);
  const subject = {
    name: JSON.stringify(one),
    f: (x: AnyTensor, w: AnyTensor) => op(x, w, optionsOf(one)),
    reference: (x: NdArray, w: NdArray) => reference(one, x, w),
    inputs: [spread(shapes.x, 1, [-1, 1]), spread(shapes.filter, 2, [-1, 1])],
  };
  await assertGradients(subject);
  await assertSecondGradients(subject);
}
