// Pooling along one, two and three axes, held to the same reference in the same cases.
import fc from 'fast-check';
import { type AnyTensor, grad } from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { eachIndex, NdArray } from '../../../reference/array.ts';
import { samePaddingOfAxis } from '../../../reference/window.ts';
import { type Axis, largest, mean, pool } from '../../../reference/windows.ts';
import { spread, whole } from '../../arbitraries.ts';
import { assertClose, assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { download, upload } from '../../transfer.ts';

/** Sizes and steps have a number for each axis, and padding two where it is not a word. */
export interface Case {
  readonly batch: number;
  readonly sizes: readonly number[];
  readonly channels: number;
  readonly filterSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: 'valid' | 'same' | readonly number[];
  readonly dimRoundingMode: 'floor' | 'round' | 'ceil';
}

export interface Pools {
  readonly max: (x: AnyTensor, options: never) => AnyTensor;
  readonly avg: (x: AnyTensor, options: never) => AnyTensor;
}

const reachOf = ({ filterSize, dilations }: Case, i: number) =>
  (filterSize[i]! - 1) * dilations[i]! + 1;

function axesOf(one: Case): Required<Axis>[] {
  return one.sizes.map((size, i) => {
    const { padding, filterSize, strides, dilations } = one;
    const [stride, dilation] = [strides[i]!, dilations[i]!];
    const same = samePaddingOfAxis(size, filterSize[i]!, stride, dilation);
    const [before, after] =
      padding === 'valid' ? [0, 0] : padding === 'same' ? same : padding.slice(2 * i);
    return { stride, dilation, before: before!, after: after! };
  });
}

/** By counting: windows that are whole, and one that is not where the rounding takes it in. */
function countsOf(one: Case): number[] {
  return axesOf(one).map(({ stride, before, after }, i) => {
    const [size, reach] = [one.sizes[i]!, reachOf(one, i)];
    let count = 0;
    for (let begin = -before; begin + reach <= size + after; begin += stride) count++;
    const begin = count * stride - before;
    const missing = begin + reach - size - after;
    const isTaken =
      one.dimRoundingMode === 'ceil' || (one.dimRoundingMode === 'round' && missing <= stride / 2);
    return isTaken && missing < stride && begin < size ? count + 1 : count;
  });
}

const shapeOf = ({ batch, sizes, channels }: Case) => [batch, ...sizes, channels];

const reference = (one: Case, x: NdArray, reduce: (elements: number[]) => number) =>
  pool(x, one.filterSize, axesOf(one), reduce, countsOf(one));

const optionsOf = ({ batch, sizes, channels, ...options }: Case) => {
  const plain = <T>(list: readonly T[]) => (list.length === 1 ? list[0] : list);
  const { filterSize, strides, dilations, ...others } = options;
  return {
    ...others,
    ...{ filterSize: plain(filterSize), strides: plain(strides), dilations: plain(dilations) },
  };
};

const small = (max: number) => fc.integer({ min: 1, max });

/** Every window has an element that is inside. */
export function cases(axes: number, size: number): fc.Arbitrary<Case> {
  const each = (max: number) => fc.array(small(max), { minLength: axes, maxLength: axes });
  return fc
    .record({
      batch: small(2),
      sizes: each(size),
      channels: fc.constantFrom(1, 3, 4),
      filterSize: each(3),
      strides: each(4),
      dilations: fc.oneof(fc.constant(new Array<number>(axes).fill(1)), each(2)),
      padding: fc.oneof(
        fc.constantFrom('valid' as const, 'same' as const),
        fc.array(fc.nat(2), { minLength: 2 * axes, maxLength: 2 * axes }),
      ),
      dimRoundingMode: fc.constantFrom('floor' as const, 'round' as const, 'ceil' as const),
    })
    .filter((one) =>
      axesOf(one).every(({ before, after, dilation }, i) => {
        const reach = reachOf(one, i);
        const isCovered =
          Math.max(before, after) < reach && one.sizes[i]! + before + after >= reach;
        return isCovered && (dilation === 1 || one.sizes[i]! >= reach);
      }),
    );
}

export function checkValues({ max, avg }: Pools, drawn: fc.Arbitrary<Case>) {
  return holds(
    [drawn],
    async (one) => {
      const x = spread(shapeOf(one), 1, [-4, 2]);
      const [what, options] = [JSON.stringify(one), optionsOf(one)];
      assertSame(
        await download(max(upload(x), options as never)),
        reference(one, x, largest),
        what,
      );
      const averaged = await download(avg(upload(x), options as never));
      assertClose(averaged, reference(one, x, mean), { relative: 1e-6, scale: 4 }, what);
      // Padding as zeros among the values.
      const included = await download(
        avg(upload(x), { ...options, countIncludePad: true } as never),
      );
      assertClose(included, includingPadding(one, x), { relative: 1e-6, scale: 4 }, what);
    },
    12,
  );
}

function includingPadding(one: Case, x: NdArray): NdArray {
  const axes = axesOf(one);
  const padded = x.pad(
    [0, ...axes.map(({ before }) => before), 0],
    [0, ...axes.map(({ after }) => after), 0],
  );
  const bare = axes.map(({ stride, dilation }) => ({ stride, dilation }));
  return pool(padded, one.filterSize, bare, mean, countsOf(one));
}

export async function checkGradients({ max, avg }: Pools, one: Case) {
  const options = optionsOf(one) as never;
  for (const [op, reduce] of [
    [max, largest],
    [avg, mean],
  ] as const) {
    const subject = {
      name: JSON.stringify(one),
      f: (x: AnyTensor) => op(x.mul(x), options),
      reference: (x: NdArray) =>
        reference(
          one,
          x.map((v) => v * v),
          reduce,
        ),
      inputs: [spread(shapeOf(one), 1, [-2, 2])],
    };
    await assertGradients(subject);
    await assertSecondGradients(subject);
  }
}

/** Of equal elements the first of a window gets its gradient, and so does the first NaN. */
export async function checkWinners({ max }: Pools, one: Case) {
  const values = whole(shapeOf(one), 1, 0, 3).map((v) => (v === 3 ? Number.NaN : v));
  const x = upload(values);
  const y = max(x, optionsOf(one) as never);
  const expected = reference(one, values, largest);
  assertSame(await download(y), expected);
  const g = spread(expected.shape, 2, [-1, 1]);
  const winners = placesOfMaxima(one, values);
  const dx = new NdArray(values.shape);
  eachIndex(winners.shape, (_, at) => {
    dx.data[winners.data[at]!]! += g.data[at]!;
  });
  const [gradient] = grad(y, [x], upload(g));
  assertClose(await download(gradient), dx, { scale: 4 });
}

/** Where the first maximum of each window, or its first NaN, lies among all elements. */
export function placesOfMaxima(one: Case, values: NdArray): NdArray {
  return reference(one, numbered(values), (places) => {
    const nan = places.find((at) => Number.isNaN(values.data[at]!));
    return nan ?? places.reduce((a, b) => (values.data[b]! > values.data[a]! ? b : a));
  });
}

const numbered = ({ shape }: NdArray) => NdArray.build(shape, (_, at) => at);
