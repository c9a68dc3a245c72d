import { assignedIn, sizeOf, visitExpressions, walk } from '../syntax/survey.ts';
import type { Expression, Loop, Variable } from '../syntax/tree.ts';
import type { Contents } from './contents.ts';
import type { Context } from './context.ts';
import { lowerValue } from './expression.ts';

const MOST_TRIPS = 64;
/** In units of {@link sizeOf}. */
const BUDGET = 1500;
/** What loops over the elements of local arrays may cost, since it keeps these in registers. */
const ARRAY_BUDGET = 12000;

/**
 * The variable's values in each trip of a loop whose trips are known beforehand and that is worth
 * unrolling; undefined for other loops. The loop's `init` is already done.
 */
export function tripsOf(
  context: Context,
  loop: Loop,
): readonly (readonly [Variable, Contents])[] | undefined {
  const { condition, continuing, breakIf } = loop;
  const [step] = continuing;
  if (!condition || breakIf || continuing.length !== 1 || step?.kind !== 'assignment')
    return undefined;
  const counter = step.target?.kind === 'name' ? step.target.variable : undefined;
  if (!counter || !isSimple(condition, counter) || !isSimple(step.value, counter)) return undefined;
  if (assignedIn(loop.body).has(counter)) return undefined;
  const start = context.flow.get(counter);
  if (!start) return undefined;
  const trips: (readonly [Variable, Contents])[] = [];
  try {
    for (;;) {
      const test = lowerValue(context, condition);
      if (test.op !== 'i32.const') return undefined;
      if (test.imm[0] === 0) break;
      if (trips.length >= MOST_TRIPS) return undefined;
      trips.push([counter, context.flow.contents(counter)]);
      context.flow.set(counter, lowerValue(context, step.value));
    }
  } finally {
    context.flow.set(counter, start);
  }
  const budget = indexesArray(loop, counter) ? ARRAY_BUDGET : BUDGET;
  return trips.length * sizeOf(loop.body) <= budget ? trips : undefined;
}

/** Whether nothing but constants and the counter decides an expression. */
function isSimple(expression: Expression, counter: Variable): boolean {
  let simple = true;
  walk(expression, (part) => {
    if (part.constant !== undefined) return;
    if (part.kind === 'index' || part.kind === 'call') simple = false;
    if (part.kind === 'name' && part.variable !== counter && part.variable?.space !== 'let') {
      simple = false;
    }
  });
  return simple;
}

/** Whether the counter takes part in the index of a local array. */
function indexesArray(loop: Loop, counter: Variable): boolean {
  let found = false;
  visitExpressions(loop.body, (expression) => {
    if (expression.kind !== 'index') return;
    let base: Expression = expression.base;
    while (base.kind === 'index' || base.kind === 'member') base = base.base;
    const local = base.kind === 'name' && base.variable?.space === 'function';
    if (!local) return;
    walk(expression.index, (part) => {
      if (part.kind === 'name' && part.variable === counter) found = true;
    });
  });
  return found;
}
