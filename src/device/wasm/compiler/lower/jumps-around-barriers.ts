import { Mistake } from '../error.ts';
import { visitStatements } from '../syntax/survey.ts';
import type { Statement } from '../syntax/tree.ts';

/** Jumps out of a loop with a barrier would need a place of their own between regions. */
export function refuseJumps(body: readonly Statement[], inSwitch = false): void {
  for (const statement of body) {
    const { kind, at } = statement;
    if (kind === 'continue' || (kind === 'break' && !inSwitch)) {
      throw new Mistake(at, `'${kind}' out of a loop with a barrier is not supported`);
    }
    if (kind === 'if') refuseJumps([...statement.then, ...statement.otherwise], inSwitch);
    if (kind === 'block') refuseJumps(statement.body, inSwitch);
    if (kind === 'switch') for (const own of statement.cases) refuseJumps(own.body, true);
  }
}

export function hasReturn(body: readonly Statement[]): boolean {
  let found = false;
  visitStatements(body, ({ kind }) => {
    found ||= kind === 'return';
  });
  return found;
}

/**
 * Where a barrier follows, all invocations return together. Where none does, some may go on, and
 * regions that follow would have to leave the others out.
 */
export function refuseReturns(body: readonly Statement[]): void {
  visitStatements(body, ({ kind, at }) => {
    if (kind !== 'return') return;
    throw new Mistake(
      at,
      "a 'return' inside of a block with a barrier, behind its last one, is not supported: " +
        "put what follows into an 'else'",
    );
  });
}
