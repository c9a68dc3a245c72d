import { explainNodes } from '../graph/profile/explain.ts';
import type { KernelTable } from '../graph/profile/kernel-table.ts';
import { notATensor } from './not-a-tensor.ts';
import { type AnyTensor, Tensor } from './tensor.ts';

/**
 * Tells which kernels computing tensors together would run, on which shapes, in how many workgroups and
 * on how many bytes, and runs none: `console.log(await explain(loss))` prints a table. Tensors whose
 * values are there take nothing. Assignments that wait to be computed along are left out, unless a
 * tensor reads what was assigned.
 *
 * @returns rows by kernel and shapes, in the order in which they would run, without times
 * @throws ArgumentError where one is no tensor
 * @throws StaleTensorError where a variable has changed since a tensor was built from it
 */
export async function explain(...tensors: readonly AnyTensor[]): Promise<KernelTable> {
  for (const one of tensors) if (!(one instanceof Tensor)) throw notATensor('explain', one);
  return explainNodes(tensors.map(({ node }) => node));
}
