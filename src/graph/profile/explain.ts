import { dispatchFacts } from '../../kernels/dispatch-facts.ts';
import { byteSize } from '../../kernels/dtype.ts';
import { capture } from '../execution/capture.ts';
import { runtime } from '../execution/current-runtime.ts';
import { loadNeeded } from '../execution/needed.ts';
import { Node, topological } from '../node.ts';
import { schedule } from '../schedule/schedule.ts';
import { KernelTable } from './kernel-table.ts';

/** What computing nodes together would dispatch: their graph is scheduled, and nothing is run. */
export async function explainNodes(nodes: readonly Node[]): Promise<KernelTable> {
  const { device, tuner } = await runtime();
  const wanted = [...new Set(nodes)].filter(({ leaf }) => !leaf);
  await loadNeeded(topological(wanted), device.limits);
  const { results } = capture(wanted, []);
  const { steps, temporaries } = schedule(results, [], device.limits, tuner?.choices);
  const dispatches = steps
    .filter(({ workgroups }) => workgroups > 0)
    .map(({ program, node, operands, params, workgroups }) => {
      const bound = operands.map((operand) =>
        operand instanceof Node
          ? {
              place: operand,
              bytes: byteSize(operand.size, operand.dtype),
              shape: operand.shape,
            }
          : {
              place: operand.temporary,
              bytes: temporaries.get(node)?.[operand.temporary] ?? 0,
            },
      );
      const facts = dispatchFacts({ program, bound, params, workgroups });
      return { facts, ms: undefined };
    });
  return new KernelTable(dispatches);
}
