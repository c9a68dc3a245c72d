import { shown } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { Node } from '../graph/node.ts';
import { OnDemand } from '../kernels/on-demand.ts';
import type { Op } from '../tensor/op.ts';
import type { FlatPart } from './flat-weights.ts';

/**
 * How gradients are clipped, on the device, before weight decay and the step's own rule. Where
 * both are given the norm is clipped first, then the values.
 */
export interface ClippingOptions {
  /**
   * The most the Euclidean norm of all gradients of all groups together may be. Where it is more
   * they are multiplied by clipNorm / (norm + 1e-6), PyTorch's `clip_grad_norm_`. Where the
   * norm itself is beyond f32, 3.4e38, they become 0 (or NaN).
   */
  readonly clipNorm?: number;
  /** The most any element of a gradient may be, and its negative the least. */
  readonly clipValue?: number;
}

const kernels = new OnDemand(() => import('../kernels/optimizers/clip-norm.ts'));
const clipNormOp: Op = {
  name: 'clipNorm',
  lowering: {
    kind: 'kernel',
    needs: () => kernels,
    launch: (context) => kernels.get().clipNorm(context),
  },
};

/**
 * What all packed gradients are multiplied by so that their norm is at most `most`: [1]; and so that they
 * are divided by a loss scale, of which this is the state.
 */
export function normScale(
  parts: readonly FlatPart[],
  gradients: readonly Node[],
  most: number,
  lossScale?: Node,
): Node {
  const pairs = parts.flatMap(({ lengths }, i) => [gradients[i] as Node, lengths.node]);
  const inputs = lossScale ? [...pairs, lossScale] : pairs;
  return new Node(clipNormOp, inputs, { shape: [1], dtype: 'f32' }, {}, { maxNorm: most });
}

/** @throws ArgumentError where a limit is not above 0 */
export function checkClipping(options: ClippingOptions): void {
  for (const name of ['clipNorm', 'clipValue'] as const) {
    const limit = options[name];
    if (limit === undefined || (typeof limit === 'number' && limit > 0)) continue;
    throw new ArgumentError(`${name} must be more than 0, got ${name} ${shown(limit)}.`);
  }
}
