import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  product,
} from '../launch.ts';
import { fieldsOf, program } from '../program.ts';
import flushSubnormals from '../wgsl/optimizers/functions/flush-subnormals.wgsl';
import gradient from '../wgsl/optimizers/functions/gradient.wgsl';
import scaled from '../wgsl/optimizers/functions/gradient-scaled.wgsl';
import whole from '../wgsl/optimizers/functions/gradient-whole.wgsl';
import frame from '../wgsl/optimizers/update.wgsl';

const WORKGROUP = 64;

/** An optimizer's formula: what completes the frame wgsl/optimizers/update.wgsl. */
export interface Formula {
  readonly kind: string;
  /** A file of wgsl/optimizers/update/. */
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
  /** What it keeps of earlier steps: the names of its buffers, in the order of their bindings. */
  readonly moments: readonly { readonly name: string }[];
}

/** The scalars of a formula: the fields of its `Params` but those that the frame itself is given. */
export function scalarNames({ kind, source }: Formula): string[] {
  const fields = fieldsOf(kind, source).map(({ name }) => name);
  return fields.filter((name) => name !== 'vectors' && name !== 'clipValue');
}

/**
 * What is done to gradients before anything else is made of them: they are scaled, then clipped by value.
 * `scales` adds an input behind all others, the factor they are multiplied by ([1], of the
 * kernel in clip-norm.ts), and `skips` leaves everything as it is where that is 0; `clipValue` makes the
 * kernel look at the scalar of that name.
 */
export type Clipping = {
  readonly scales?: boolean;
  readonly skips?: boolean;
  readonly clipValue?: boolean;
};

export interface UpdateContext extends LaunchContext {
  readonly attributes: Clipping;
}

/**
 * A step in place: inputs are weights, gradients and moments, flat f32 buffers of one size; there
 * is no output. Every field of the formula's `Params` but `vectors` is a scalar of the op;
 * `clipValue` is one in all formulas.
 */
export function update(formula: Formula, { attributes, inputs }: UpdateContext): Launches {
  const { kind, source, moments } = formula;
  const { scales = false, skips = false, clipValue = false } = attributes;
  const constants = { ...formula.constants, WORKGROUP, CLIP_VALUE: Number(clipValue) };
  const stepped = program(
    kind,
    frame,
    scales ? { ...constants, SCALE: moments.length + 3, SKIPS: Number(skips) } : constants,
    [flushSubnormals, scales ? scaled : whole, gradient, source],
  );
  const names = moments.map(({ name }) => name);
  const bound = ['weights', 'grads', ...names, ...(scales ? ['scale'] : [])];
  const vectors = ceilDivide(product((inputs[0] as Operand).shape), 4);
  const step = launch({
    program: stepped,
    bindings: Object.fromEntries(bound.map((name, i) => [name, input(i)])),
    params: { vectors },
    scalars: [...scalarNames(formula), 'clipValue'],
    workgroups: ceilDivide(vectors, WORKGROUP),
  });
  return { launches: [step] };
}
