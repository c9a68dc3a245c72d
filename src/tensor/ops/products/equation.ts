import { ArgumentError, ShapeError } from '../../../errors.ts';
import type { Shape } from '../../shape-types.ts';

/** The labels of a tensor's axes: letters, and for the axes of `...` numbers, counted from the last. */
export type Labels = readonly string[];

interface Equation {
  readonly inputs: readonly Labels[];
  readonly output: Labels;
}

/** Letters with, at most once, three points among them. */
const TERM = /^[a-z]*(\.\.\.)?[a-z]*$/i;

/**
 * What an equation of `einsum` says of operands of such shapes.
 * @throws ArgumentError where it is none.
 * @throws ShapeError where operands have other axes, or there are more or fewer of them.
 */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  const [left = '', right, ...more] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (more.length > 0 || ![...terms, right ?? ''].every((term) => TERM.test(term))) {
    throw new ArgumentError(
      `einsum: '${equation}' must be labels of each operand and of the result, as in 'ij,jk->ik', and ... for axes without one.`,
    );
  }
  if (terms.length !== shapes.length) {
    throw new ShapeError(
      `einsum: '${equation}' is of ${terms.length} operands, got ${shapes.length}.`,
    );
  }
  const inputs = terms.map((term, i) => labelsOf(equation, term, shapes[i] ?? []));
  const all = inputs.flat();
  const unnamed = [...new Set(all.filter(isNumber))].sort((a, b) => Number(b) - Number(a));
  const output = right === undefined ? implied(all, unnamed) : labels(right, unnamed);
  const odd = output.find((label, i) => !all.includes(label) || output.indexOf(label) !== i);
  if (odd !== undefined) {
    throw new ArgumentError(
      `einsum: '${equation}': label ${odd} of the result must be there once, and in an operand too.`,
    );
  }
  return { inputs, output };
}

const isNumber = (label: string) => !/[a-z]/i.test(label);

function labels(term: string, unnamed: Labels): string[] {
  const [before = '', after = ''] = term.split('...');
  return [...before, ...(term.includes('...') ? unnamed : []), ...after];
}

function labelsOf(equation: string, term: string, shape: Shape): string[] {
  const named = term.replace('...', '').length;
  const others = shape.length - named;
  if (others < 0 || (others > 0 && !term.includes('...'))) {
    throw new ShapeError(
      `einsum: '${equation}': ${term || 'no label'} is of ${named} axes, the operand [${shape}] has ${shape.length}.`,
    );
  }
  return labels(
    term,
    Array.from({ length: others }, (_, i) => String(others - 1 - i)),
  );
}

/** The result where none is given: the axes of `...`, and the labels that are there once. */
function implied(all: Labels, unnamed: Labels): string[] {
  const once = all.filter(
    (label) => !isNumber(label) && all.indexOf(label) === all.lastIndexOf(label),
  );
  return [...unnamed, ...once.sort()];
}
