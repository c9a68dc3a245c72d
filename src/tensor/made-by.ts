import type { Node } from '../graph/node.ts';
import { isSoftmax } from './ops/softmax.ts';
import type { AnyTensor } from './tensor.ts';

/** The function whose results, in whatever shape, these are: numbers from 0 to 1. */
export function squashedBy({ node }: AnyTensor): 'sigmoid' | 'softmax' | undefined {
  let maker: Node | undefined = node;
  while (maker?.op.lowering.kind === 'view') maker = maker.inputs[0];
  if (maker?.op.squashes) return 'sigmoid';
  return maker && isSoftmax(maker) ? 'softmax' : undefined;
}
