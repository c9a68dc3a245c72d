import {
  type AnyTensor,
  cholesky,
  determinant,
  inverse,
  logDeterminant,
  solve,
  type Tensor,
  tensor,
  triangularSolve,
} from '../../../src/index.ts';
import { type Lists, lists } from './others.ts';
import { INF, listed, NAN, type Row, type Section } from './section.ts';

const matrices: Lists = [
  [1, 2, 2, 2],
  [4, 2, 2, 1],
  [NAN, 0, 0, 1],
  [0, 0, 0, 0],
];

/** What is expected is found by hand: so small a matrix is solved in three steps. */
const row = (op: string, call: (x: Tensor) => AnyTensor, expected: Row['expected']): Row => ({
  ...lists(
    op,
    matrices,
    (x) => call(x.reshape([2, 2]) as Tensor),
    (x) => x,
  ),
  expected,
});

const sides = () => tensor([3, 4]);

export const ofMatrices: Section = {
  title: 'Linear algebra',
  text: 'f32, a matrix of two rows a column: one that is not positive definite, a singular one, one with NaN, and zeros. Right-hand sides are 3 and 4.',
  columns: matrices.map(listed),
  rows: [
    row('cholesky', cholesky, [
      [1, 0, 2, NAN],
      [2, 0, 1, NAN],
      [NAN, 0, NAN, NAN],
      [NAN, 0, NAN, NAN],
    ]),
    row('triangularSolve', (a) => triangularSolve(a, sides()), [
      [3, -1],
      [0.75, 2.5],
      [NAN, NAN],
      [INF, NAN],
    ]),
    row('solve', (a) => solve(a, sides()), [
      [1, 1],
      [-INF, INF],
      [NAN, NAN],
      [NAN, INF],
    ]),
    row('inverse', inverse, [
      [-1, 1, 1, -0.5],
      [INF, -INF, -INF, INF],
      [NAN, NAN, NAN, NAN],
      [NAN, NAN, NAN, INF],
    ]),
    row('determinant', determinant, [-2, 0, NAN, 0]),
    {
      ...row('logDeterminant', (a) => logDeterminant(a).sign, [-1, 0, 0, 0]),
      label: 'logDeterminant, sign',
    },
    {
      ...row('logDeterminant', (a) => logDeterminant(a).logAbs, [
        Math.fround(Math.LN2),
        -INF,
        NAN,
        -INF,
      ]),
      label: 'logDeterminant, logAbs',
    },
  ],
};
