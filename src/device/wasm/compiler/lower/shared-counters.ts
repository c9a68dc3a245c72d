import { assignedIn, walk } from '../syntax/survey.ts';
import type { Loop, Variable } from '../syntax/tree.ts';
import type { Flow } from './flow.ts';

/** The counter of a loop, where it takes the same values in all invocations. */
export function sharedCounters(flow: Flow, loop: Loop): Set<Variable> {
  const [step] = loop.continuing;
  const none = new Set<Variable>();
  if (loop.continuing.length !== 1 || step?.kind !== 'assignment') return none;
  const counter = step.target?.kind === 'name' ? step.target.variable : undefined;
  if (!counter || flow.get(counter) === undefined || assignedIn(loop.body).has(counter))
    return none;
  const changed = assignedIn(loop.body);
  let shared = true;
  walk(step.value, (part) => {
    if (part.kind === 'call' && part.constant === undefined) shared = false;
    if (part.kind !== 'name' || part.constant !== undefined || !part.variable) return;
    const { variable } = part;
    const known = variable.space === 'uniform' || flow.get(variable) !== undefined;
    if (!known || changed.has(variable)) shared = false;
  });
  return shared ? new Set([counter]) : none;
}
