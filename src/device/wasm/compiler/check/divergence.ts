import { jumpsIn } from '../syntax/survey.ts';
import type { Statement, Variable } from '../syntax/tree.ts';

/** What lets a value differ between the invocations of a workgroup, in words. */
export type Origin = string;

/** The statement that lets invocations part. */
export interface Divergence {
  readonly at: number;
  readonly construct: string;
  readonly origin: Origin;
}

/** What is known at a point of the program. */
export interface State {
  /** Undefined where all invocations of a workgroup come, or none. */
  divergence: Divergence | undefined;
  /** The variables whose values may differ. */
  values: Map<Variable, Origin>;
}

export function copy({ divergence, values }: State): State {
  return { divergence, values: new Map(values) };
}

export function assign(state: State, variable: Variable, origin: Origin | undefined): State {
  if (origin === undefined) state.values.delete(variable);
  else state.values.set(variable, origin);
  return state;
}

export function join(states: readonly [State, ...(State | undefined)[]]): State;
export function join(states: readonly (State | undefined)[]): State | undefined;
export function join(states: readonly (State | undefined)[]): State | undefined {
  const all = states.filter((state) => state !== undefined);
  if (all.length === 0) return undefined;
  return {
    divergence: all.find(({ divergence }) => divergence)?.divergence,
    values: new Map(all.flatMap(({ values }) => [...values])),
  };
}

/** Behind a statement that nothing jumps out of, all are together again that were before it. */
export function together(end: State | undefined, before: State, meet: boolean): State | undefined {
  return end && meet ? { ...end, divergence: before.divergence } : end;
}

export function escapes(body: readonly Statement[]): boolean {
  return jumpsIn(body, 'break') || jumpsIn(body, 'continue') || returnsIn(body);
}

export function returnsIn(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case 'return':
        return true;
      case 'if':
        return returnsIn(statement.then) || returnsIn(statement.otherwise);
      case 'block':
      case 'loop':
        return returnsIn(statement.body);
      case 'switch':
        return statement.cases.some(({ body: own }) => returnsIn(own));
      default:
        return false;
    }
  });
}
