import type { Operation } from '../graph/operation.ts';
import { OnDemand } from '../kernels/on-demand.ts';
import type { Clipping, Formula, UpdateContext } from '../kernels/optimizers/formula.ts';

const kernels = new OnDemand(() => import('../kernels/optimizers/update.ts'));

/** The op of a step by a formula. */
export function updateOperation(formula: Formula): Operation<Clipping> {
  const launch = (context: UpdateContext) => kernels.get().update(formula, context);
  return { name: formula.kind, lowering: { kind: 'kernel', needs: () => kernels, launch } };
}
