import {
  type AnyTensor,
  digamma,
  divNoNan,
  erfinv,
  lgamma,
  polygamma,
} from '../../../src/index.ts';
import { arithmetic, comparisons } from '../../../src/tensor/ops/binary.ts';
import { unary } from '../../../src/tensor/ops/unary.ts';
import * as references from '../../reference/elementwise.ts';
import { INF, inWords, NAN, type Row, type Section, type Way } from './section.ts';

/** Ops that are no methods. */
const functions: Readonly<Record<string, Method>> = {
  divNoNan: (a, b) => divNoNan(a as AnyTensor, b as AnyTensor),
  erfinv: (x) => erfinv(x as AnyTensor),
  lgamma: (x) => lgamma(x as AnyTensor),
  digamma: (x) => digamma(x as AnyTensor),
  polygamma: (x) => polygamma(1, x as AnyTensor),
};

type Method = (...operands: AnyTensor[]) => AnyTensor;
/** Whether the record of an op takes f32, as those do that say nothing. */
const takesFloats = (record: object) =>
  !('accepts' in record) || (Array.isArray(record.accepts) && record.accepts.includes('f32'));

/** The op of each column's operands, all columns in one tensor. */
function row(op: string, columns: readonly (readonly number[])[]): Row {
  const reference: ((...operands: number[]) => number) | undefined =
    references.unary[op] ?? references.binary[op];
  if (!reference) throw new Error(`test/reference/elementwise.ts has no '${op}'`);
  return {
    op,
    openZeros: ['relu', 'relu6', 'maximum', 'minimum'].includes(op),
    expected: columns.map((operands) => Math.fround(reference(...operands))),
    actual: async ({ input, output }: Way) => {
      const operands = (columns[0] ?? []).map((_, k) => input(columns.map((one) => one[k] ?? NAN)));
      const [x, ...others] = operands as [AnyTensor, ...AnyTensor[]];
      const method = (x as unknown as Record<string, Method>)[op];
      const y = functions[op]?.(x, ...others) ?? method?.apply(x, others);
      return [...(await output(y as AnyTensor).data())];
    },
  };
}

const points = [NAN, -INF, -1, -0, 0, 1, INF];

const ofOne: Section = {
  title: 'Ops of one number',
  text: 'f32; NaN, where it comes in, comes out, but of `sign`.',
  columns: points.map(inWords),
  rows: [
    ...Object.entries(unary).flatMap(([name, record]) => (takesFloats(record) ? [name] : [])),
    'erfinv',
    'lgamma',
    'digamma',
    'polygamma',
  ].map((name) => ({
    ...row(
      name,
      points.map((x) => [x]),
    ),
    label: name === 'polygamma' ? 'polygamma, 1' : name,
  })),
};

const pairs: readonly (readonly [number, number])[] = [
  [NAN, 1],
  [1, NAN],
  [NAN, NAN],
  [INF, INF],
  [INF, -INF],
  [0, INF],
  [INF, 0],
  [1, INF],
  [-1, INF],
  [0, 0],
  [1, 0],
  [1, -0],
  [-1, 0],
];

/** Those with a table of their own. */
const rims = ['pow', 'mod', 'atan2'] as const;

const ofTwo: Section = {
  title: 'Ops of two numbers',
  text: 'f32; a column is the two operands. Comparisons with NaN are false, `notEqual` is true.',
  columns: pairs.map((pair) => pair.map(inWords).join(', ')),
  rows: [
    ...Object.entries({ ...arithmetic, ...comparisons }).flatMap(([name, record]) =>
      takesFloats(record) && !rims.some((one) => one === name) ? [row(name, pairs)] : [],
    ),
    row('divNoNan', pairs),
  ],
};

function matrix(
  op: (typeof rims)[number],
  lines: readonly number[],
  columns: readonly number[],
  text: string,
): Section {
  return {
    title: `\`${op}\``,
    text: `f32; a row is the first operand, a column the second. ${text}`,
    columns: columns.map(inWords),
    rows: lines.map((a) => ({
      ...row(
        op,
        columns.map((b) => [a, b]),
      ),
      label: inWords(a),
    })),
  };
}

const truths: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

const ofTruths: Section = {
  title: 'Logic',
  text: 'bool; `logicalNot` is of the first.',
  columns: truths.map((pair) => pair.join(', ')),
  rows: ['logicalAnd', 'logicalOr', 'logicalXor', 'logicalNot'].map((name) => {
    const one = row(name, name === 'logicalNot' ? truths.map(([a]) => [a]) : truths);
    const cast = (way: Way): Way => ({
      ...way,
      input: (values) => way.input(values).cast('bool') as AnyTensor,
      output: (y) => way.output(y.cast('f32') as AnyTensor),
    });
    return { ...one, actual: (way) => one.actual(cast(way)) };
  }),
};

const ends = [NAN, -INF, -2, -1, -0.5, -0, 0, 0.5, 1, 2, INF];

export const elementwise: readonly Section[] = [
  ofOne,
  ofTwo,
  matrix(
    'pow',
    [NAN, -INF, -2, -1, -0.5, -0, 0, 0.5, 1, 2, INF],
    [NAN, -INF, -3, -1, -0.5, 0, 0.5, 1, 2, 3, 2 ** 25, INF],
    'As IEEE 754 has it: x⁰ = 1 and 1ˣ = 1 for every x, NaN too.',
  ),
  matrix(
    'mod',
    [NAN, -INF, -5, -1e-20, -0, 0, 1e-20, 5, INF],
    [NAN, -INF, -3, -0, 0, 3, INF],
    'The remainder has the sign of the divisor, and is nearer to 0 than it: that of −1e−20 by 3 is the f32 below 3.',
  ),
  matrix('atan2', ends, ends, 'An angle in radians, as in C.'),
  ofTruths,
];
