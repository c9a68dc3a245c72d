import { elements } from '../elements.ts';
import {
  ceilDivide,
  input,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import ratios from '../wgsl/optimizers/trust/ratios.wgsl';
import squares from '../wgsl/optimizers/trust/squares.wgsl';
import alone from '../wgsl/reduce/functions/alone.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import tree from '../wgsl/reduce/functions/tree.wgsl';
import { type Formula, scalarNames, type UpdateContext } from './formula.ts';
import { operandsOf } from './update.ts';

type Direction = NonNullable<Formula['direction']>;

/** Invocations of a workgroup that sums up, and how many of them own a block. */
const [WORKGROUP, BLOCK_LANES, VARIABLE_LANES] = [64, 16, 256];

/**
 * For each block of 64 elements the norm of its variable's weights over that of where they would go, and 0
 * where one of them is 0. Inputs: those of `update`, and u32, how many elements of each block
 * belong to a variable and with which block each variable begins, and the last ends.
 */
export function trust(formula: Formula, direction: Direction, context: UpdateContext): Launches {
  const { attributes, inputs, limits } = context;
  const given = [...operandsOf(formula, attributes).names, 'lengths', 'starts'];
  const from = (name: string) => input(given.indexOf(name));
  const [lengths, starts] = inputs.slice(-2) as [Operand, Operand];
  const [blocks, variables] = [product(lengths.shape), product(starts.shape) - 1];
  const own = { constants: formula.constants ?? {}, moments: direction.moments };
  const { names, constants, functions } = operandsOf(own, attributes);
  const sums = (lanes: number) => ({
    constants: { OP: 0, MARK: 0, LANES: limits.cpu ? 1 : lanes },
    functions: [elements('f32', 4), marked, combine, limits.cpu ? alone : tree],
  });
  const [ofBlock, ofVariable] = [sums(BLOCK_LANES), sums(VARIABLE_LANES)];
  const bound = [...names, 'lengths'];
  const blockwise = launch({
    program: program(
      `${formula.kind}_squares`,
      squares,
      {
        ...{ ...constants, ...ofBlock.constants, WORKGROUP },
        ...{ LENGTHS: bound.length, SQUARES: bound.length + 1 },
      },
      [...ofBlock.functions, ...functions, direction.source],
    ),
    bindings: {
      ...Object.fromEntries(bound.map((name) => [name, from(name)])),
      squares: temporary(0),
    },
    params: { vectors: blocks * 16 },
    scalars: [...scalarNames(formula), 'clipValue'],
    workgroups: ceilDivide(blocks, WORKGROUP / ofBlock.constants.LANES),
  });
  const { LANES } = ofVariable.constants;
  const ofVariables = launch({
    program: program(
      'trust_ratios',
      ratios,
      { ...ofVariable.constants, WORKGROUP: LANES },
      ofVariable.functions,
    ),
    bindings: { squares: temporary(0), starts: from('starts'), ratios: OUTPUT },
    params: { variables },
    workgroups: variables,
  });
  return { launches: [blockwise, ofVariables], temporaries: [blocks * 16] };
}
