import type { AnyTensor } from '../../../src/index.ts';

/** How an expression is computed: each must give the same. */
export interface Way {
  readonly name: string;
  /** A tensor of these values, as an op finds it. */
  input(values: readonly number[]): AnyTensor;
  /** What is made of the op's result. */
  output(y: AnyTensor): AnyTensor;
}

export interface Row {
  /** The op's name as a method or function. */
  readonly op: string;
  /** What the page calls it, if not that. */
  readonly label?: string;
  /** What an independent reference gives: a number, several, or the name of an error, a column. */
  readonly expected: readonly (number | readonly number[] | string)[];
  /** Whether a 0 may be −0. */
  readonly openZeros?: boolean;
  /** What the library gives, column by column. */
  actual(way: Way): Promise<readonly (number | readonly number[] | string)[]>;
}

/** A table of the page. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export const [NAN, INF] = [Number.NaN, Number.POSITIVE_INFINITY];

/** A number as the page writes it. */
export function inWords(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  if (x === 0) return Object.is(x, -0) ? '−0' : '0';
  const digits = Number.isInteger(x) && Math.abs(x) < 2 ** 32 ? x : Number(x.toPrecision(4));
  return String(digits).replaceAll('-', '−');
}

/** Several numbers as the page writes them. */
export const listed = (values: readonly number[]): string => `[${values.map(inWords).join(', ')}]`;
