import { Node, type Scalars } from '../graph/node.ts';
import type { Operation } from '../graph/operation.ts';
import { OnDemand } from '../kernels/on-demand.ts';
import type { Clipping, Formula, UpdateContext } from '../kernels/optimizers/formula.ts';
import type { FlatPart } from './flat-weights.ts';

const kernels = new OnDemand(() => import('../kernels/optimizers/trust.ts'));

/** What the ratios of a formula's step are computed by, if it has any. */
export function trustOperation(formula: Formula): Operation<Clipping> | undefined {
  const { direction } = formula;
  if (!direction) return undefined;
  const launch = (context: UpdateContext) => kernels.get().trust(formula, direction, context);
  const lowering = { kind: 'kernel', needs: () => kernels, launch } as const;
  return { name: `${formula.kind}Trust`, lowering };
}

/** The ratios of a step with these operands: [blocks], read by the step itself. */
export function trustRatios(
  operation: Operation<Clipping>,
  { lengths, starts }: FlatPart,
  step: { inputs: readonly Node[]; attributes: Clipping; scalars: Scalars | undefined },
): Node {
  const inputs = [...step.inputs, lengths.node, starts.node];
  const type = { shape: lengths.shape, dtype: 'f32' } as const;
  return new Node(operation, inputs, type, step.attributes, step.scalars);
}
