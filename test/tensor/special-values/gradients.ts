import { type AnyTensor, grad, type Tensor, tensor, where, zeros } from '../../../src/index.ts';
import { INF, inWords, listed, NAN, type Section } from './section.ts';

interface Corner {
  readonly op: string;
  readonly label?: string;
  readonly at: readonly number[];
  readonly slope: readonly number[];
  readonly f: (x: Tensor) => AnyTensor;
}

const at0 = (
  op: 'abs' | 'sign' | 'relu' | 'sqrt' | 'rsqrt' | 'log' | 'reciprocal',
  slope: number,
) => ({ op, at: [0], slope: [slope], f: (x: Tensor) => x[op]() }) as const;

const corners: readonly Corner[] = [
  at0('abs', 0),
  at0('sign', 0),
  at0('relu', 0),
  at0('sqrt', INF),
  at0('rsqrt', -INF),
  at0('log', INF),
  at0('reciprocal', -INF),
  { op: 'elu', at: [0], slope: [1], f: (x) => x.elu() },
  { op: 'selu', at: [0], slope: [1.0507009873554805 * 1.6732632423543772], f: (x) => x.selu() },
  { op: 'relu6', at: [0, 6, NAN], slope: [0, 0, 0], f: (x) => x.relu6() },
  { op: 'hardTanh', at: [-1, 1, NAN], slope: [0, 0, 0], f: (x) => x.hardTanh() },
  { op: 'hardSigmoid', at: [-3, 3, NAN], slope: [0, 0, 0], f: (x) => x.hardSigmoid() },
  { op: 'hardSwish', at: [-3, 3, NAN], slope: [-0.5, 1, NAN], f: (x) => x.hardSwish() },
  { op: 'softsign', at: [-INF, 0, INF], slope: [0, 1, 0], f: (x) => x.softsign() },
  { op: 'mish', at: [-INF, INF, NAN], slope: [0, 1, NAN], f: (x) => x.mish() },
  { op: 'asin', at: [-1, 1, 2], slope: [INF, INF, NAN], f: (x) => x.asin() },
  { op: 'acosh', at: [1, 0.5], slope: [INF, NAN], f: (x) => x.acosh() },
  { op: 'hypot', label: 'hypot(x, 0)', at: [0, -2], slope: [NAN, -1], f: (x) => x.hypot(0) },
  { op: 'xlogy', label: 'xlogy(x, 0)', at: [0, 1], slope: [0, -INF], f: (x) => x.xlogy(0) },
  ...(['silu', 'gelu', 'geluTanh', 'softplus', 'elu'] as const).map((op) => ({
    op,
    at: [-INF, INF, NAN],
    slope: [0, 1, NAN],
    f: (x: Tensor) => x[op](),
  })),
  { op: 'erf', at: [-INF, INF, NAN], slope: [0, 0, NAN], f: (x) => x.erf() },
  { op: 'atan2', label: 'atan2(x, 0)', at: [0], slope: [NAN], f: (x) => x.atan2(0) },
  { op: 'atan2', label: 'atan2(x, x)', at: [1e-25, 1e25], slope: [0, 0], f: (x) => x.atan2(x) },
  ...([1e-25, 1e25] as const).map((y) => ({
    op: 'atan2',
    label: `atan2(x, ${inWords(y)})`,
    at: [y],
    slope: [0.5 / y],
    f: (x: Tensor) => x.atan2(y),
  })),
  {
    op: 'maximum',
    label: 'maximum(x, 0)',
    at: [-1, 0, 1, NAN],
    slope: [0, 1, 1, 0],
    f: (x) => x.maximum(0),
  },
  {
    op: 'minimum',
    label: 'minimum(x, 0)',
    at: [-1, 0, 1, NAN],
    slope: [1, 1, 0, 0],
    f: (x) => x.minimum(0),
  },
  {
    op: 'clip',
    label: 'clip(x, −1, 1)',
    at: [-2, -1, 1, 2, NAN],
    slope: [0, 1, 1, 0, 0],
    f: (x) => x.clip(-1, 1),
  },
  { op: 'max', at: [2, 1, 2], slope: [0.5, 0, 0.5], f: (x) => x.max() },
  { op: 'max', at: [2, NAN, 3], slope: [0, 1, 0], f: (x) => x.max() },
  { op: 'min', at: [2, 1, 1], slope: [0, 0.5, 0.5], f: (x) => x.min() },
  { op: 'prod', at: [0, 2, 3], slope: [6, 0, 0], f: (x) => x.prod() },
  { op: 'prod', at: [0, 0, 3], slope: [0, 0, 0], f: (x) => x.prod() },
  { op: 'pow', label: 'x⁰', at: [0, -3, NAN], slope: [0, 0, 0], f: (x) => x.pow(0) },
  { op: 'pow', label: 'x¹', at: [0, -3], slope: [1, 1], f: (x) => x.pow(1) },
  { op: 'pow', label: 'x²', at: [0, -3], slope: [0, -6], f: (x) => x.pow(2) },
  { op: 'pow', label: '√x', at: [0], slope: [INF], f: (x) => x.pow(0.5) },
  { op: 'pow', label: '0ˣ', at: [0, 0.5, 2], slope: [0, 0, 0], f: (x) => zeros([3]).pow(x) },
  {
    op: 'pow',
    label: '(−2)ˣ',
    at: [2, 3],
    slope: [0, 0],
    f: (x) => tensor([-2, -2]).pow(x),
  },
  {
    op: 'mod',
    label: '7 mod x',
    at: [2, 7, -2],
    slope: [-3, -1, 4],
    f: (x) => tensor([7, 7, 7]).mod(x),
  },
  {
    op: 'where',
    label: 'where(x > 0, x, NaN)',
    at: [1, -1],
    slope: [1, 0],
    f: (x) => where(x.greater(0), x, tensor([NAN, NAN])) as AnyTensor,
  },
];

export const gradients: Section = {
  title: 'Gradients at corners',
  text: 'Of the sum of the results. Two operands that are equal: the first one has the gradient; several extremes: they share it. Where one is NaN, the second one has it, as in TensorFlow, and that of `clip` is 0, as in PyTorch. The angle of the origin has no derivative: NaN, as in PyTorch. The gradient of a power by its exponent is 0 for bases of 0 and below, as in TensorFlow.',
  columns: ['gradient'],
  rows: corners.map(({ op, label = op, at, slope, f }) => ({
    op,
    label: `${label} at ${listed(at)}`,
    openZeros: true,
    expected: [slope],
    actual: async ({ input }) => {
      const x = input(at) as Tensor;
      const [dx] = grad(f(x).sum() as AnyTensor, [x]);
      return [[...(await (dx as AnyTensor).data())]];
    },
  })),
};
