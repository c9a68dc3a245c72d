import type { DeviceLimits } from '../../../device/device.ts';
import { type Conv2dAttributes, isReadAsItLies } from '../../../kernels/convolution/geometry.ts';
import { OnDemand } from '../../../kernels/on-demand.ts';
import { apply, type Op } from '../../op.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { isColumnSum } from '../reductions.ts';

/** One of the three directions of a convolution: it makes one of image, filter and output of the two others. */
export type Convolution = Op<[Tensor, Tensor], Conv2dAttributes>;

const onCpu = new OnDemand(() => import('../../../kernels/convolution/on-cpu.ts'));
const onGpu = new OnDemand(() => import('../../../kernels/convolution/on-gpu.ts'));

const needs = ({ cpu }: DeviceLimits) => (cpu ? onCpu : onGpu);

// A convolution is linear in both operands, so the three directions are each other's gradients.

/** Images [N, H, W, C] and filters [KH, KW, C, O] → [N, H', W', O]. */
export const forward: Convolution = {
  name: 'conv2d',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => needs(context.limits).get().conv2d(context),
    takesEpilogue: true,
    readsHalves: (_, [x]) => isReadAsItLies(sizeOf(x?.shape ?? [], -1)),
  },
  vjp: (g, { inputs: [x, filter], attributes }) => [
    apply(inputGradient, [g, filter], x, attributes),
    apply(filterGradient, [x, g], filter, attributes),
  ],
};

/** An output's gradient [N, H', W', O] and filters [KH, KW, C, O] → [N, H, W, C]. */
export const inputGradient: Convolution = {
  name: 'conv2dInputGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => needs(context.limits).get().conv2dInputGradient(context),
    takesEpilogue: true,
    readsHalves: () => true,
  },
  vjp: (h, { inputs: [g, filter], attributes }) => [
    apply(forward, [h, filter], g, attributes),
    apply(filterGradient, [h, g], filter, attributes),
  ],
};

const filterGradient: Convolution = {
  name: 'conv2dFilterGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => needs(context.limits).get().conv2dFilterGradient(context),
    takesEpilogue: true,
    readsHalves: (_, [x]) => isReadAsItLies(sizeOf(x?.shape ?? [], -1)),
    alongside: (own, other, limits) =>
      !limits.cpu &&
      isColumnSum(other, own.inputs[1], own.shape[3]) &&
      onGpu.get().filterGradientSumsColumns(own.shape, own.attributes, limits)
        ? 0
        : undefined,
  },
  vjp: (h, { inputs: [x, g], attributes }) => [
    apply(inputGradient, [g, h], x, attributes),
    apply(forward, [x, h], g, attributes),
  ],
};
