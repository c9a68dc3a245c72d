import {
  input,
  type KernelContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  product,
} from '../launch.ts';
import { program } from '../program.ts';
import choleskySource from '../wgsl/linear-algebra/cholesky.wgsl';
import luSource from '../wgsl/linear-algebra/lu.wgsl';
import matrices from '../wgsl/linear-algebra/matrices.wgsl';

const NAN = Number.NaN;

/** a [..., size, size] → the lower triangular l of the same shape with l·lᵀ = a, NaN where there is none. */
export function cholesky(context: KernelContext): Launches {
  return factors(context, 'cholesky', choleskySource, { nan: NAN });
}

/** a [..., size, size] → [..., size, size + 2]: its factors, the order of its rows, and their exchanges. */
export function lu(context: KernelContext): Launches {
  return factors(context, 'lu', luSource);
}

/** A workgroup a matrix, of one invocation where they would only take turns. */
function factors(
  { inputs, limits }: KernelContext,
  name: string,
  source: string,
  others: Readonly<Record<string, number>> = {},
): Launches {
  const { shape } = inputs[0] as Operand;
  const count = product(shape.slice(0, -2));
  const one = launch({
    program: program(name, matrices, { WORKGROUP: limits.cpu ? 1 : 64 }, [source]),
    bindings: { a: input(0), result: OUTPUT },
    params: { count, size: shape.at(-1) as number, ...others },
    workgroups: count,
  });
  return { launches: [one] };
}
