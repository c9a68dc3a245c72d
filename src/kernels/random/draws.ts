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
import philox from '../wgsl/philox.wgsl';
import draws from '../wgsl/random/draws.wgsl';
import gammaSource from '../wgsl/random/gamma.wgsl';
import poissonSource from '../wgsl/random/poisson.wgsl';

const WORKGROUP = 64;

export type DrawAttributes = {
  /** The position of the first number in the stream. */
  readonly first: number;
};

/** shapes [n] → f32 [n]: a number of the gamma distribution of each. */
export function gamma(context: KernelContext<DrawAttributes>): Launches {
  return drawn(context, 'random_gamma', gammaSource);
}

/** rates [n] → f32 [n]: a number of the Poisson distribution of each. */
export function poisson(context: KernelContext<DrawAttributes>): Launches {
  return drawn(context, 'random_poisson', poissonSource);
}

function drawn(
  { output, attributes: { first } }: KernelContext<DrawAttributes>,
  name: string,
  source: string,
): Launches {
  const count = product(output.shape);
  const one = launch({
    program: program(name, each, { WORKGROUP }, [philox, draws, source]),
    bindings: { given: input(0), result: OUTPUT },
    params: { count, first, nan: Number.NaN },
    scalars: ['stream', 'seedLow', 'seedHigh'],
    workgroups: ceilDivide(count, WORKGROUP),
  });
  return { launches: [one] };
}
