import {
  type AnyTensor,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  batchToSpaceND,
  bincount,
  cdist,
  concat,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  cosineSimilarity,
  countNonZero,
  cropAndResize,
  type DType,
  denseBincount,
  depthToSpace,
  depthwiseConv2d,
  diag,
  diagonal,
  dilation2d,
  dot,
  einsum,
  extractPatches,
  fft,
  fold,
  gather,
  gatherND,
  gridSample,
  ifft,
  irfft,
  kron,
  lerp,
  localResponseNormalization,
  matMul,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax,
  meshgrid,
  moments,
  nanMean,
  nanSum,
  ones,
  outer,
  repeat,
  resizeBilinear,
  resizeNearestNeighbor,
  rfft,
  rgbToGrayscale,
  roll,
  rot90,
  ShapeError,
  scatterAdd,
  scatterAlongAxis,
  scatterND,
  separableConv2d,
  spaceToBatchND,
  spaceToDepth,
  split,
  stack,
  type Tensor,
  takeAlongAxis,
  tensor,
  tensordot,
  tensorScatterUpdate,
  tile,
  trace,
  tril,
  triu,
  unsortedSegmentSum,
  unstack,
  where,
  zeros,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { nearestHalf } from '../../reference/half.ts';
import { localResponse } from '../../reference/normalization.ts';
import {
  all,
  any,
  argMax,
  argMin,
  logSumExp,
  max,
  mean,
  min,
  norm,
  prod,
  type Reduction,
  sum,
  variance,
} from '../../reference/reductions.ts';
import * as pooled from '../../reference/windows.ts';
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
  text: 'f32, all elements of a column. `argMax` and `argMin` name the first NaN, if there is one; `nanSum` and `nanMean` pass over it.',
  columns: groups.map(listed),
  rows: Object.entries({
    sum,
    prod,
    max,
    min,
    mean,
    variance,
    // Of squares that f32 may not hold.
    std: (x: NdArray) => variance(x).map(Math.fround).map(Math.sqrt),
    norm: (x: NdArray) => norm(x, 2).map((v) => Math.sqrt(Math.fround(v * v))),
    logSumExp,
    argMax,
    argMin,
  })
    .map(reduction)
    .concat(
      lists(
        'nanSum',
        groups,
        (x) => nanSum(x.cast('f32')),
        (x) => sum(numbersOf(x)),
      ),
      lists(
        'nanMean',
        groups,
        (x) => nanMean(x.cast('f32')),
        (x) => mean(numbersOf(x)),
      ),
    ),
};

function numbersOf({ data }: NdArray): NdArray {
  const numbers = [...data].filter((v) => !Number.isNaN(v));
  return new NdArray([numbers.length], numbers);
}

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
/** The four elements as one window of a sequence, an image and a volume. */
const pools: readonly [op: string, size: number[], pool: (x: AnyTensor) => AnyTensor][] = [
  ['maxPool1d', [4], (x) => maxPool1d(x, { filterSize: 4 })],
  ['maxPool2d', [2, 2], maxPool2d],
  ['maxPool3d', [2, 1, 2], (x) => maxPool3d(x, { filterSize: [2, 1, 2] })],
  ['maxPoolWithArgmax', [2, 2], (x) => maxPoolWithArgmax(x).result],
  ['adaptiveMaxPool1d', [4], (x) => adaptiveMaxPool1d(x, 1)],
  ['adaptiveMaxPool2d', [2, 2], (x) => adaptiveMaxPool2d(x, 1)],
  ['adaptiveMaxPool3d', [2, 1, 2], (x) => adaptiveMaxPool3d(x, 1)],
  ['dilation2d', [2, 2], (x) => dilation2d(x, zeros([2, 2, 1]))],
  ['avgPool1d', [4], (x) => avgPool1d(x, { filterSize: 4 })],
  ['avgPool2d', [2, 2], avgPool2d],
  ['avgPool3d', [2, 1, 2], (x) => avgPool3d(x, { filterSize: [2, 1, 2] })],
  ['adaptiveAvgPool1d', [4], (x) => adaptiveAvgPool1d(x, 1)],
  ['adaptiveAvgPool2d', [2, 2], (x) => adaptiveAvgPool2d(x, 1)],
  ['adaptiveAvgPool3d', [2, 1, 2], (x) => adaptiveAvgPool3d(x, 1)],
];
const isMean = (op: string) => op.toLowerCase().includes('avg');
const pooling: Section = {
  title: 'Pooling',
  text: 'f32, the four elements of a window a column; `dilation2d` by a filter of 0. The gradient of a window that is pooled goes to its first NaN, if there is one, and `maxPoolWithArgmax` names that.',
  columns: windows.map(listed),
  rows: pools.map(([op, size, pool]) => {
    const [reduce, axes] = [isMean(op) ? pooled.mean : pooled.largest, size.map(() => ({}))];
    return lists(
      op,
      windows,
      (x) => pool(x.reshape([1, ...size, 1]) as AnyTensor),
      (x) => pooled.pool(x.reshape([1, ...size, 1]), size, axes, reduce),
    );
  }),
};

const factors: Lists = [
  [0, NAN],
  [0, INF],
  [1, INF],
  [1, -INF],
];
const convolutions = [
  [conv1d, conv1dTranspose],
  [conv2d, conv2dTranspose],
  [conv3d, conv3dTranspose],
] as const;
const products: Section = {
  title: 'Products of matrices',
  text: 'f32: [a, 1] · [b, 0], for a and b in a column.',
  columns: factors.map((pair) => pair.map(inWords).join(', ')),
  rows: [
    {
      op: 'matMul',
      call: (a: AnyTensor, b: AnyTensor) => matMul(a.reshape([1, 2]), b.reshape([2, 1])),
    },
    ...[1, 2, 3].flatMap((axes) => {
      const ones = new Array<number>(axes).fill(1);
      const [convolve, back] = convolutions[axes - 1] as (typeof convolutions)[number];
      return [
        {
          op: `conv${axes}d`,
          call: (a: AnyTensor, b: AnyTensor) =>
            convolve(a.reshape([1, ...ones, 2]), b.reshape([...ones, 2, 1])),
        },
        {
          op: `conv${axes}dTranspose`,
          call: (a: AnyTensor, b: AnyTensor) =>
            back(a.reshape([1, ...ones, 2]), b.reshape([...ones, 1, 2])),
        },
      ];
    }),
    {
      op: 'depthwiseConv2d',
      call: (a: AnyTensor, b: AnyTensor) =>
        depthwiseConv2d(a.reshape([1, 1, 2, 1]), b.reshape([1, 2, 1, 1])),
    },
    {
      op: 'separableConv2d',
      call: (a: AnyTensor, b: AnyTensor) =>
        separableConv2d(a.reshape([1, 1, 2, 1]), b.reshape([1, 2, 1, 1]), ones([1, 1, 1, 1])),
    },
    { op: 'dot', call: (a: AnyTensor, b: AnyTensor) => dot(a as Tensor, b as Tensor) },
    {
      op: 'einsum',
      call: (a: AnyTensor, b: AnyTensor) => einsum('i,i->', [a as Tensor, b as Tensor]),
    },
    {
      op: 'tensordot',
      call: (a: AnyTensor, b: AnyTensor) => tensordot(a as Tensor, b as Tensor, 1),
    },
    // Without a sum, the first one alone.
    { op: 'outer', call: (a: AnyTensor, b: AnyTensor) => outer(a, b.slice([0], [1])) },
    { op: 'kron', call: (a: AnyTensor, b: AnyTensor) => kron(a, b) },
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
  text: 'f32: `clip` to −1 … 1, slopes of 0.5, `celu` of 2, `step` of 0.5, `nanToNum` to 7, 8 and 9, and `where` with the value in the branch that is taken, NaN in the other.',
  columns: bounded.map(([x = NAN]) => inWords(x)),
  rows: [
    lists(
      'clip',
      bounded,
      (x) => x.clip(-1, 1),
      (x) => x.map((v) => Math.min(Math.max(v, -1), 1)),
    ),
    lists(
      'leakyRelu',
      bounded,
      (x) => x.leakyRelu(0.5),
      (x) => x.map((v) => (v > 0 ? v : 0.5 * v)),
    ),
    lists(
      'prelu',
      bounded,
      (x) => x.prelu(tensor([0.5])),
      (x) => x.map((v) => (v > 0 ? v : 0.5 * v)),
    ),
    lists(
      'celu',
      bounded,
      (x) => x.celu(2),
      (x) => x.map((v) => (v > 0 ? v : 2 * Math.expm1(v / 2))),
    ),
    lists(
      'step',
      bounded,
      (x) => x.step(0.5),
      (x) => x.map((v) => (v > 0 ? 1 : Number.isNaN(v) ? v : 0.5)),
    ),
    lists(
      'nanToNum',
      bounded,
      (x) => x.nanToNum(7, 8, 9),
      (x) => x.map((v) => (Number.isNaN(v) ? 7 : Number.isFinite(v) ? v : v > 0 ? 8 : 9)),
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
  takeAlongAxis: (x) => takeAlongAxis(x, zero()),
  gatherND: (x) => gatherND(x, zero()),
  concat: (x) => concat([x, x]),
  stack: (x) => stack([x, x]),
  stopGradient: (x) => x.stopGradient(),
  tile: (x) => tile(x, [3]),
  repeat: (x) => repeat(x, 3),
  roll: (x) => roll(x.expand([3]), 1),
  rot90: (x) => rot90(x.expand([2, 3])),
  unstack: (x) => unstack(x)[0] as AnyTensor,
  meshgrid: (x) => meshgrid([x.expand([2]), x])[0] as AnyTensor,
  diag: (x) => diag(x.expand([2])),
  diagonal: (x) => diagonal(x.expand([2, 3])),
  trace: (x) => trace(x.expand([1, 2])),
  tril: (x) => tril(x.expand([2, 2])),
  triu: (x) => triu(x.expand([2, 2])),
  depthToSpace: (x) => depthToSpace(x.expand([1, 1, 1, 4]), 2),
  spaceToDepth: (x) => spaceToDepth(x.expand([1, 2, 2, 1]), 2),
  spaceToBatchND: (x) => spaceToBatchND(x.expand([1, 2]), [2], [[0, 0]]),
  batchToSpaceND: (x) => batchToSpaceND(x.expand([2, 1]), [2], [[0, 0]]),
  fold: (x) => fold(x.reshape([1, 1, 1, 1]), 1, 1),
  extractPatches: (x) => extractPatches(x.reshape([1, 1, 1, 1]), 1),
  resizeNearestNeighbor: (x) => resizeNearestNeighbor(x.reshape([1, 1, 1]), [2, 2]),
};
/** The same, of ops that add it to 0. */
const additions: Readonly<Record<string, (x: AnyTensor) => AnyTensor>> = {
  rgbToGrayscale: (x) => rgbToGrayscale(x.expand([3])),
  scatterAdd: (x) => scatterAdd(x, zero(), 1),
  scatterAlongAxis: (x) => scatterAlongAxis(x, zero(), 1),
  tensorScatterUpdate: (x) => tensorScatterUpdate(x, zero().reshape([1, 1]), x),
  scatterND: (x) => scatterND(zero().reshape([1, 1]), x, [1]),
  unsortedSegmentSum: (x) => unsortedSegmentSum(x, zero(), 1),
  bincount: (x) => bincount(zero(), 1, { weights: x.cast('f32') }),
  denseBincount: (x) => denseBincount(zero(), 1, { weights: x.cast('f32') }),
  lerp: (x) => lerp(x.cast('f32'), tensor([NAN]), 0),
  gridSample: (x) => gridSample(x.reshape([1, 1, 1, 1]), zeros([1, 1, 1, 2])),
  resizeBilinear: (x) => resizeBilinear(x.reshape([1, 1, 1]), [2, 2]),
  cropAndResize: (x) => cropAndResize(x.reshape([1, 1, 1, 1]), zeros([1, 4]), zero(), [1, 1]),
};
const moved: Section = {
  title: 'Moves',
  text: 'f32: bit by bit, but for the payload of a NaN. What adds up begins with 0; `lerp` is by 0 of the way to NaN.',
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
    ...Object.entries(additions).map(([op, add]) =>
      lists(
        op,
        kept,
        (x) => add(x).reshape([-1]).slice([0], [1]),
        (x) => x.map((v) => v + 0),
      ),
    ),
  ],
};

const few: Lists = [[NAN], [-0], [INF], [3]];
const counts: Section = {
  title: 'Counts, distances and waves',
  text: 'f32: `countNonZero` of one element; `moments`, its mean and variance; `cosineSimilarity` of it and 1; `localResponseNormalization` of one channel; `cdist` from 1; `fft` and its kin, the real part of it and 1.',
  columns: few.map(([x = NAN]) => inWords(x)),
  rows: [
    lists(
      'countNonZero',
      few,
      (x) => countNonZero(x).cast('f32') as AnyTensor,
      (x) => new NdArray([1], [x.data[0] === 0 ? 0 : 1]),
    ),
    {
      ...lists(
        'moments',
        few,
        (x) => {
          const both = moments(x);
          return stack([both.mean, both.variance]);
        },
        (x) => new NdArray([2], [mean(x).item(), variance(x).item()]),
      ),
      openZeros: true,
    },
    {
      ...lists(
        'cosineSimilarity',
        few,
        (x) => cosineSimilarity(x as Tensor, tensor([1]) as Tensor),
        (x) => x.map((v) => (v === 0 ? 0 : v / Math.abs(v))),
      ),
      openZeros: true,
    },
    lists(
      'localResponseNormalization',
      few,
      (x) => localResponseNormalization(x),
      (x) => localResponse(x),
    ),
    lists(
      'cdist',
      few,
      (x) => cdist(x.reshape([1, 1]), ones([1, 1])),
      (x) => x.map((v) => Math.abs(v - 1)),
    ),
    ...(
      [
        ['fft', 1, (x) => fft(x).real],
        ['ifft', 2, (x) => ifft(x).real],
        ['rfft', 1, (x) => rfft(x).real],
        ['irfft', 2, (x) => irfft(x)],
      ] as readonly (readonly [string, number, (x: AnyTensor) => AnyTensor])[]
    ).map(([op, by, call]) =>
      lists(
        op,
        few,
        (x) => call(concat([x, ones([1])])),
        ({ data: [v = NAN] }) => new NdArray([2], [(v + 1) / by, (v - 1) / by]),
      ),
    ),
  ],
};

export const others: readonly Section[] = [
  casts,
  choices,
  reduced,
  counts,
  ofTruths,
  normalized,
  pooling,
  products,
  moved,
];
