import { type AnyTensor, oneHot, tensor } from '../../../src/index.ts';
import { wholePower } from '../../reference/elementwise.ts';
import { inWords, type Row, type Section } from './section.ts';

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];
const pairs: readonly (readonly [number, number])[] = [
  [7, 0],
  [-7, 0],
  [-7, 2],
  [7, -2],
  [LEAST, -1],
  [MOST, 1],
  [LEAST, 1],
];

/** In doubles, which hold what 32 bits may give, and wrapped around once. */
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => (b === 0 ? a : Math.trunc(a / b)),
  mod: (a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b)),
  floorDiv: (a, b) => (b === 0 ? a : Math.floor(a / b)),
  squaredDifference: (a, b) => Number(BigInt.asIntN(32, BigInt(a - b) ** 2n)),
  pow: wholePower,
  maximum: Math.max,
  minimum: Math.min,
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  bitwiseLeftShift: (a, b) => a << b,
  bitwiseRightShift: (a, b) => a >> b,
};

const unary: Readonly<Record<string, (a: number) => number>> = {
  neg: (a) => -a,
  relu6: (a) => Math.min(Math.max(a, 0), 6),
  round: (a) => a,
  abs: Math.abs,
  sign: Math.sign,
  bitwiseNot: (a) => ~a,
  square: (a) => Number(BigInt.asIntN(32, BigInt(a) ** 2n)),
};

type Method = (...operands: AnyTensor[]) => AnyTensor;

function row(op: string, columns: readonly (readonly number[])[], value: unknown): Row {
  const reference = value as (...operands: number[]) => number;
  return {
    op,
    expected: columns.map((operands) => reference(...operands) | 0),
    actual: async ({ input }) => {
      const operands = (columns[0] ?? []).map((_, k) => {
        // In two halves, each of which f32 holds.
        const values = columns.map((one) => one[k] ?? 0);
        const high = input(values.map((x) => Math.floor(x / 65536))).cast('i32');
        const low = input(values.map((x) => x & 65535)).cast('i32');
        return high.mul(65536).add(low) as AnyTensor;
      });
      const [x, ...rest] = operands as [AnyTensor, ...AnyTensor[]];
      const method = (x as unknown as Record<string, Method>)[op] as Method;
      return [...(await method.apply(x, rest).data())];
    },
  };
}

const values = [LEAST, -1, 0, MOST].map((x) => [x]);

/** A label that is no class has none. */
const hot: Row = {
  op: 'oneHot',
  label: 'oneHot, depth 2',
  expected: values.map(([x = 0]) => [0, 1].map((k) => Number(x === k))),
  actual: () =>
    Promise.all(
      values.map(async ([x = 0]) => [...(await oneHot(tensor(Int32Array.of(x), [1]), 2).data())]),
    ),
};

export const integers: readonly Section[] = [
  {
    title: 'Whole numbers, two',
    text: 'i32; results wrap around. As in WGSL, x / 0 is x and x mod 0 is 0. Shifts go by the lowest five bits of the second.',
    columns: pairs.map((pair) => pair.map(inWords).join(', ')),
    rows: Object.entries(binary).map(([op, value]) => row(op, pairs, value)),
  },
  {
    title: 'Whole numbers, one',
    text: 'i32.',
    columns: values.map(([x = 0]) => inWords(x)),
    rows: [...Object.entries(unary).map(([op, value]) => row(op, values, value)), hot],
  },
];
