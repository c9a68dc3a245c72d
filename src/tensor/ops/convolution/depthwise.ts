import { OnDemand } from '../../../kernels/on-demand.ts';
import { apply } from '../../op.ts';
import type { Convolution } from './directions.ts';

const kernels = new OnDemand(() => import('../../../kernels/convolution/depthwise.ts'));
const needs = () => kernels;

// Channels do not mix, so there is no matrix product in it. Like those of a full convolution, the
// three directions are each other's gradients.

/** Images [N, H, W, C] and filters [KH, KW, 1, O], O a multiple of C → [N, OH, OW, O]. */
export const depthwiseForward: Convolution = {
  name: 'depthwiseConv2d',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().depthwise(context),
    takesEpilogue: true,
  },
  vjp: (g, { inputs: [x, filter], attributes }) => [
    apply(depthwiseInputGradient, [g, filter], x, attributes),
    apply(filterGradient, [x, g], filter, attributes),
  ],
};

/** An output's gradient [N, OH, OW, O] and filters [KH, KW, 1, O] → [N, H, W, C]. */
export const depthwiseInputGradient: Convolution = {
  name: 'depthwiseConv2dInputGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().depthwiseInputGradient(context),
    takesEpilogue: true,
  },
  vjp: (h, { inputs: [g, filter], attributes }) => [
    apply(depthwiseForward, [h, filter], g, attributes),
    apply(filterGradient, [h, g], filter, attributes),
  ],
};

const filterGradient: Convolution = {
  name: 'depthwiseConv2dFilterGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().depthwiseFilterGradient(context),
    takesEpilogue: true,
  },
  vjp: (h, { inputs: [x, g], attributes }) => [
    apply(depthwiseInputGradient, [g, h], x, attributes),
    apply(depthwiseForward, [x, h], g, attributes),
  ],
};
