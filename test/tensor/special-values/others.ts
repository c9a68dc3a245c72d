import {
  type AnyTensor,
  avgPool2d,
  concat,
  conv2d,
  conv2dTranspose,
  type DType,
  gather,
  matMul,
  maxPool2d,
  ShapeError,
  scatterAdd,
  split,
  stack,
  tensor,
  where,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { nearestHalf } from '../../reference/half.ts';
import * as pooled from '../../reference/pooling.ts';
import {
  all,
  any,
  argMax,
  argMin,
  logSumExp,
  max,
  mean,
  min,
  prod,
  type Reduction,
  sum,
  variance,
} from '../../reference/reductions.ts';
import { INF, inWords, listed, NAN, type Row, type Section, type Way } from './section.ts';

export type Lists = readonly (readonly number[])[];

const groups: Lists = [
  [1, NAN, 2, NAN],
  [INF, 1, -INF],
  [-INF, -INF],
  [1e38, 2e38],
  [0, NAN, INF],
  [-0, -0],
  [],
];

function reduction([op, reference]: [string, Reduction]): Row {
  const lacks = (list: readonly number[]) =>
    list.length === 0 && ['max', 'min', 'argMax', 'argMin'].includes(op);
  return {
    op,
    expected: groups.map((list) =>
      lacks(list) ? 'ShapeError' : Math.fround(reference(new NdArray([list.length], list)).item()),
    ),
    actual: ({ input, output }) =>
      Promise.all(
        groups.map(async (list) => {
          const x = input(list) as AnyTensor & Record<string, () => AnyTensor>;
          try {
            return Number((await output((x[op] as () => AnyTensor)()).data())[0]);
          } catch (error) {
            if (error instanceof ShapeError) return 'ShapeError';
            throw error;
          }
        }),
      ),
  };
}

const reduced: Section = {
  title: 'Reductions',
  text: 'f32, all elements of a column. `argMax` and `argMin` name the first NaN, if there is one.',
  columns: groups.map(listed),
  rows: Object.entries({
    sum,
    prod,
    max,
    min,
    mean,
    variance,
    logSumExp,
    argMax,
    argMin,
  }).map(reduction),
};

const truths: Lists = [[0, 1], [0, 0], [1, 1], []];
const ofTruths: Section = {
  title: 'Reductions of bool',
  text: '',
  columns: truths.map(listed),
  rows: (
    [
      ['any', any],
      ['all', all],
    ] as const
  ).map(([op, reference]) => ({
    op,
    expected: truths.map((list) => reference(new NdArray([list.length], list)).item()),
    actual: ({ input }) =>
      Promise.all(
        truths.map(async (list) =>
          Number((await (input(list).cast('bool') as AnyTensor)[op]().data())[0]),
        ),
      ),
  })),
};

/** An op of a whole list, or of the four of a window, column by column. */
export function lists(
  op: string,
  columns: Lists,
  call: (x: AnyTensor) => AnyTensor,
  reference: (x: NdArray) => NdArray,
): Row {
  const several = (values: ArrayLike<number>) =>
    values.length === 1 ? Number(values[0]) : Array.from(values);
  return {
    op,
    expected: columns.map((list) =>
      several(reference(new NdArray([list.length], list)).map(Math.fround).data),
    ),
    actual: ({ input, output }) =>
      Promise.all(columns.map(async (list) => several(await output(call(input(list))).data()))),
  };
}

export const rowsOfNumbers: Lists = [
  [0, -INF],
  [-INF, -INF],
  [INF, 0],
  [NAN, 0],
  [3e38, -3e38],
];
/** As usually computed, without overflow: x − max first, which an infinite maximum makes NaN of. */
function shifted(x: NdArray): [NdArray, number] {
  const less = x.map((v) => v - Math.max(...x.data));
  return [less, less.data.reduce((total, v) => total + Math.exp(v), 0)];
}
function softmax(x: NdArray): NdArray {
  const [less, total] = shifted(x);
  return less.map((v) => Math.exp(v) / total);
}
export function logSoftmax(x: NdArray): NdArray {
  const [less, total] = shifted(x);
  return less.map((v) => v - Math.log(total));
}
const normalized: Section = {
  title: 'Softmax',
  text: 'f32, a row a column. A row that is masked as a whole has no probabilities.',
  columns: rowsOfNumbers.map(listed),
  rows: [
    lists('softmax', rowsOfNumbers, (x) => x.softmax(), softmax),
    lists('logSoftmax', rowsOfNumbers, (x) => x.logSoftmax(), logSoftmax),
  ],
};

const windows: Lists = [
  [1, 2, 3, NAN],
  [NAN, 1, 2, 3],
  [-INF, -INF, -INF, -INF],
  [INF, 1, 2, 3],
  [INF, -INF, 0, 0],
];
const whole = { window: [2, 2] } as const;
const square = (x: AnyTensor) => x.reshape([1, 2, 2, 1]) as AnyTensor;
const pooling: Section = {
  title: 'Pooling',
  text: 'f32, the four elements of a window a column. The gradient of a window goes to its first NaN, if there is one.',
  columns: windows.map(listed),
  rows: [
    lists(
      'maxPool2d',
      windows,
      (x) => maxPool2d(square(x)),
      (x) => pooled.maxPool2d(x.reshape([1, 2, 2, 1]), { window: [...whole.window] }),
    ),
    lists(
      'avgPool2d',
      windows,
      (x) => avgPool2d(square(x)),
      (x) => pooled.avgPool2d(x.reshape([1, 2, 2, 1]), { window: [...whole.window] }),
    ),
  ],
};

const factors: Lists = [
  [0, NAN],
  [0, INF],
  [1, INF],
  [1, -INF],
];
const products: Section = {
  title: 'Products of matrices',
  text: 'f32: [a, 1] · [b, 0], for a and b in a column.',
  columns: factors.map((pair) => pair.map(inWords).join(', ')),
  rows: [
    {
      op: 'matMul',
      call: (a: AnyTensor, b: AnyTensor) => matMul(a.reshape([1, 2]), b.reshape([2, 1])),
    },
    {
      op: 'conv2d',
      call: (a: AnyTensor, b: AnyTensor) =>
        conv2d(a.reshape([1, 1, 1, 2]), b.reshape([1, 1, 2, 1])),
    },
    {
      op: 'conv2dTranspose',
      call: (a: AnyTensor, b: AnyTensor) =>
        conv2dTranspose(a.reshape([1, 1, 1, 2]), b.reshape([1, 1, 1, 2])),
    },
  ].map(({ op, call }) => ({
    op,
    expected: factors.map(([a = NAN, b = NAN]) => a * b + 0),
    actual: ({ input, output }: Way) =>
      Promise.all(
        factors.map(async ([a = NAN, b = NAN]) =>
          Number((await output(call(input([a, 1]), input([b, 0])) as AnyTensor).data())[0]),
        ),
      ),
  })),
};

const bounded: Lists = [[NAN], [-INF], [-0], [INF]];
const choices: Section = {
  title: 'Choices',
  text: 'f32: `clip` to −1 … 1, and `where` with the value in the branch that is taken, NaN in the other.',
  columns: bounded.map(([x = NAN]) => inWords(x)),
  rows: [
    lists(
      'clip',
      bounded,
      (x) => x.clip(-1, 1),
      (x) => x.map((v) => Math.min(Math.max(v, -1), 1)),
    ),
    lists(
      'where',
      bounded,
      (x) => where(tensor([true], { dtype: 'bool' }), x, tensor([NAN])) as AnyTensor,
      (x) => x,
    ),
  ],
};

const numbers = [NAN, -INF, -1.5, -0, 0, 2 ** -149, 1.5, 300, 3e9, INF];
function saturated(x: number, least: number, most: number): number {
  return Number.isNaN(x) ? 0 : Math.trunc(Math.min(Math.max(x, least), most)) + 0;
}
const whole32 = (x: number) => saturated(x, -(2 ** 31), 2 ** 31 - 1);
const references: Readonly<Record<Exclude<DType, 'f32'>, (x: number) => number>> = {
  f16: nearestHalf,
  i32: whole32,
  u32: (x) => saturated(x, 0, 2 ** 32 - 1),
  u8: (x) => whole32(x) & 255,
  bool: (x) => Number(x !== 0),
};
const casts: Section = {
  title: 'Casts of f32',
  text: 'What a dtype of whole numbers cannot hold becomes the bound it lies beyond, and NaN 0; u8 keeps the lowest eight bits of that. Whatever is not 0 is true.',
  columns: numbers.map(inWords),
  rows: Object.entries(references).map(([dtype, reference]) => ({
    op: 'cast',
    label: `to ${dtype}`,
    expected: numbers.map(reference),
    actual: async ({ input }) => [
      ...(await input(numbers)
        .cast(dtype as DType)
        .data()),
    ],
  })),
};

const kept: Lists = [[NAN], [-0], [INF], [-INF]];
const zero = () => tensor(Int32Array.of(0), [1]);
/** For a tensor of one element, ops that move it; what they give has it in front. */
const moves: Readonly<Record<string, (x: AnyTensor) => AnyTensor>> = {
  reshape: (x) => x.reshape([1, 1]) as AnyTensor,
  transpose: (x) => x.reshape([1, 1]).transpose() as AnyTensor,
  expand: (x) => x.expand([3]) as AnyTensor,
  slice: (x) => x.expand([3]).slice([1]),
  pad: (x) => x.pad([[0, 2]]),
  flip: (x) => x.expand([3]).flip() as AnyTensor,
  squeeze: (x) => x.squeeze(),
  unsqueeze: (x) => x.unsqueeze(0),
  split: (x) => split(x.expand([4]), 2)[1] as AnyTensor,
  gather: (x) => gather(x, zero()),
  concat: (x) => concat([x, x]),
  stack: (x) => stack([x, x]),
  stopGradient: (x) => x.stopGradient(),
};
const moved: Section = {
  title: 'Moves',
  text: 'f32: bit by bit, but for the payload of a NaN. `scatterAdd` adds to 0.',
  columns: kept.map(([x = NAN]) => inWords(x)),
  rows: [
    ...Object.entries(moves).map(([op, move]) =>
      lists(
        op,
        kept,
        (x) => move(x).reshape([-1]).slice([0], [1]),
        (x) => x,
      ),
    ),
    lists(
      'scatterAdd',
      kept,
      (x) => scatterAdd(x, zero(), 1),
      (x) => x.map((v) => v + 0),
    ),
  ],
};

export const others: readonly Section[] = [
  casts,
  choices,
  reduced,
  ofTruths,
  normalized,
  pooling,
  products,
  moved,
];
