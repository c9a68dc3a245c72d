import {
  type AnyTensor,
  argSort,
  booleanMask,
  cumMax,
  cumMin,
  cumProd,
  cumSum,
  diff,
  inTopK,
  kthValue,
  logCumSumExp,
  lowerBound,
  median,
  nonZero,
  ones,
  quantile,
  random,
  searchSorted,
  sort,
  tensor,
  topK,
  unique,
  upperBound,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import * as reference from '../../reference/sorting.ts';
import { type Lists, lists } from './others.ts';
import { INF, inWords, listed, NAN, type Row, type Section } from './section.ts';

const rows: Lists = [
  [NAN, INF, NAN, 1],
  [0, -0, -INF, 0],
  [2, 1, 2, 1],
];

const sorted: Section = {
  title: 'Order',
  text: 'f32, a row a column. NaN is above all numbers, as in PyTorch; zeros are equal, and equal elements keep their order.',
  columns: rows.map(listed),
  rows: [
    lists(
      'sort',
      rows,
      (x) => sort(x),
      (x) => reference.sort(x),
    ),
    lists(
      'argSort',
      rows,
      (x) => argSort(x),
      (x) => reference.argSort(x),
    ),
    {
      ...lists(
        'topK',
        rows,
        (x) => topK(x, 2).values,
        (x) => reference.sort(x, -1, true).slice([0], [2]),
      ),
      label: 'topK, 2',
    },
    {
      ...lists(
        'kthValue',
        rows,
        (x) => kthValue(x, 3).values,
        (x) => reference.sort(x).slice([2], [1]),
      ),
      label: 'kthValue, 3',
    },
  ],
};

const sums: Lists = [
  [1, NAN, 2],
  [INF, 1, -INF],
  [0, INF, 2],
  [3e38, 3e38],
];
const cumulated: Section = {
  title: 'Sums, products and extremes up to each element',
  text: 'f32, a line a column; `diff` is from each element to the next.',
  columns: sums.map(listed),
  rows: [
    lists(
      'cumSum',
      sums,
      (x) => cumSum(x),
      (x) => reference.cumSum(x).map(Math.fround),
    ),
    lists(
      'cumProd',
      sums,
      (x) => cumProd(x),
      (x) => reference.cumProd(x).map(Math.fround),
    ),
    lists(
      'cumMax',
      sums,
      (x) => cumMax(x),
      (x) => reference.cumMax(x),
    ),
    lists(
      'cumMin',
      sums,
      (x) => cumMin(x),
      (x) => reference.cumMin(x),
    ),
    lists(
      'logCumSumExp',
      sums,
      (x) => logCumSumExp(x),
      (x) => reference.logCumSumExp(x),
    ),
    lists(
      'diff',
      sums,
      (x) => diff(x),
      (x) =>
        new NdArray(
          [x.size - 1],
          [...x.data.slice(1)].map((v, i) => v - x.data[i]!),
        ),
    ),
  ],
};

const lines: Lists = [
  [1, NAN, 2],
  [INF, 1, -INF],
  [0, INF],
  [2, 4],
];
const middle = (share: number) => (x: NdArray) =>
  new NdArray([], [reference.quantileOf([...x.data], share)]);
const quantiles: Section = {
  title: 'Quantiles',
  text: 'f32, a line a column. A line with NaN in it has no others.',
  columns: lines.map(listed),
  rows: [
    lists('median', lines, (x) => median(x), middle(0.5)),
    {
      ...lists('quantile', lines, (x) => quantile(x, 0.25), middle(0.25)),
      label: 'quantile, 0.25',
    },
  ],
};

const looked: Lists = [[NAN], [-INF], [-0], [INF]];
const row = [-INF, 0, 1, NAN];
const before = (right: boolean) => (x: NdArray) =>
  x.map((v) => row.filter((one) => reference.compared(one, v) < Number(right)).length);
const inRow = () => tensor(row);
const searched: Section = {
  title: 'Places in sorted rows',
  text: 'f32: how many elements of [−∞, 0, 1, NaN] go before the value of a column.',
  columns: looked.map(([x = NAN]) => inWords(x)),
  rows: [
    lists('lowerBound', looked, (x) => lowerBound(inRow(), x), before(false)),
    lists('upperBound', looked, (x) => upperBound(inRow(), x), before(true)),
    {
      ...lists('searchSorted', looked, (x) => searchSorted(inRow(), x), before(false)),
      label: 'searchSorted, left',
    },
  ],
};

const chosen: Section = {
  title: 'Choices by value',
  text: 'f32. What is NaN is not 0, and is equal to NaN; a label whose prediction is none is not in the top. `booleanMask` keeps bits, here those of all elements.',
  columns: rows.map(listed),
  rows: [
    hostOf('nonZero', nonZero, (line) => line.flatMap((x, i) => (x === 0 ? [] : [i]))),
    hostOf(
      'unique',
      async (x) => (await unique(x)).values,
      (line) => line.filter((x, i) => line.findIndex((y) => reference.compared(x, y) === 0) === i),
    ),
    hostOf(
      'booleanMask',
      (x) => booleanMask(x, ones(x.shape, { dtype: 'bool' })),
      (line) => line,
    ),
    {
      ...lists(
        'inTopK',
        rows,
        (x) => inTopK(x.reshape([1, -1]) as AnyTensor, tensor(Int32Array.of(0), [1])),
        ({ data }) =>
          new NdArray(
            [1],
            [Number(Number.isFinite(data[0]) && reference.placesInOrder([...data], true)[0] === 0)],
          ),
      ),
      label: 'inTopK, label 0',
    },
  ],
};

const logits: Lists = [
  [NAN, 0],
  [INF, 0],
  [-INF, -INF],
  [0, -INF],
];
const drawn: Section = {
  title: 'Draws',
  text: 'f32, the logits of two classes a column. Where there is no softmax the last class is drawn.',
  columns: logits.map(listed),
  rows: [
    lists(
      'random.categorical',
      logits,
      (x) => random.categorical(x, 3),
      (x) => new NdArray([3], new Array<number>(3).fill(x.data[0] === 0 ? 0 : 1)),
    ),
  ],
};

/** An op whose result the host waits for. */
function hostOf(
  op: string,
  call: (x: AnyTensor) => Promise<AnyTensor>,
  of: (line: readonly number[]) => readonly number[],
): Row {
  return {
    op,
    expected: rows.map((line) => of(line)),
    actual: ({ input, output }) =>
      Promise.all(rows.map(async (line) => [...(await output(await call(input(line))).data())])),
  };
}

export const ofOrder: readonly Section[] = [sorted, quantiles, cumulated, searched, chosen, drawn];
