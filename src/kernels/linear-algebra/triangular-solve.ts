import { elements } from '../elements.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launches,
  launch,
  OUTPUT,
  product,
} from '../launch.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import source from '../wgsl/linear-algebra/triangular-solve.wgsl';

const WORKGROUP = 64;

export type TriangularAttributes = {
  /** Which triangle of the matrix is read, before it is transposed. */
  readonly lower: boolean;
  readonly transpose: boolean;
  /** Whether the diagonal counts as ones. */
  readonly unitDiagonal: boolean;
};

/** a [..., size, size] and b [..., size, columns] → x in the shape of b with a·x = b, or aᵀ·x = b. */
export function triangularSolve(context: KernelContext<TriangularAttributes>): Launches {
  const { lower, transpose, unitDiagonal } = context.attributes;
  const { shape } = context.output;
  const [size, width] = [shape.at(-2) as number, shape.at(-1) as number];
  // On CPUs four columns go side by side, of what lies in memory as it is read.
  const together = context.limits.cpu && width % 4 === 0 ? 4 : 1;
  const columns = width / together;
  const count = product(shape) / size / together;
  const constants = {
    WORKGROUP,
    BACKWARD: Number(lower === transpose),
    TRANSPOSED: Number(transpose),
    UNIT: Number(unitDiagonal),
  };
  const solve = launch({
    program: program('triangular_solve', each, constants, [elements('f32', together), source]),
    bindings: { a: input(0), b: input(1), result: OUTPUT },
    params: { count, size, columns },
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [solve] };
}
