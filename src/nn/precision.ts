import type { Node } from '../graph/node.ts';
import { viewOf } from '../graph/view.ts';
import { cast, halved } from '../tensor/ops/cast.ts';
import { requireDType } from '../tensor/require-dtype.ts';
import type { AnyTensor } from '../tensor/tensor.ts';

/** How layers store what they hand on. */
export type Precision = 'f32' | 'f16';

/**
 * What a layer gives, as f32 that are read from f16: any op takes it, and kernels that can read f16 look
 * through the cast. Other dtypes than floats stay what they are.
 */
export function asHalves(x: AnyTensor): AnyTensor {
  if (x.dtype === 'f16') return cast(x, 'f32');
  return x.dtype === 'f32' && !isReadFromHalves(x.node) ? cast(inHalves(x), 'f32') : x;
}

/** f32 as f16, its gradient too. */
export function inHalves(x: AnyTensor): AnyTensor {
  requireDType('layer', x, ['f32']);
  return halved(x);
}

/** Whether a node is f16, seen as f32, in whatever arrangement. */
function isReadFromHalves(node: Node): boolean {
  let at = node;
  for (;;) {
    const [input] = at.inputs;
    if (!input || at.leaf) return false;
    if (at.op.casts) return input.dtype === 'f16';
    if (!viewOf(at)) return false;
    at = input;
  }
}
