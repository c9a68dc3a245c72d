import { requireNumber, requireOptions, requireWhole } from '../arguments.ts';
import { ShapeError } from '../errors.ts';
import { Cell } from '../graph/cell.ts';
import type { Effect } from '../graph/execution/capture.ts';
import { Node } from '../graph/node.ts';
import type { Operation } from '../graph/operation.ts';
import { OnDemand } from '../kernels/on-demand.ts';
import { tensor } from '../tensor/ops/creation.ts';
import { reshape, slice } from '../tensor/ops/views.ts';
import { requireDType } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';

/** How a loss is scaled so that small gradients are no zeros where they are stored as f16. */
export interface LossScaleOptions {
  /** What it begins with. Default 65536. */
  readonly initial?: number;
  /** After so many good steps in a row it doubles. Default 2000. */
  readonly growthInterval?: number;
}

const kernels = new OnDemand(() => import('../kernels/optimizers/loss-scale.ts'));
const operation: Operation = {
  name: 'lossScale',
  lowering: {
    kind: 'kernel',
    needs: () => kernels,
    launch: () => kernels.get().lossScale(),
  },
};

/**
 * What losses are multiplied by, and gradients divided by before anything is made of them. It lives on
 * the device and nothing is read: where a gradient is infinite or NaN it halves and the step is skipped,
 * weights and moments staying what they are; after `growthInterval` good steps in a row it doubles.
 * Micikevicius et al., "Mixed precision training", ICLR 2018.
 */
export class LossScale {
  readonly settings: Required<LossScaleOptions>;
  private readonly cell: Cell;

  /** @throws ArgumentError where the scale is below 1, or the interval no whole number above 0 */
  constructor(options: LossScaleOptions = {}) {
    requireOptions('lossScale', options, ['initial', 'growthInterval']);
    const { initial = 65536, growthInterval = 2000 } = options;
    requireNumber('lossScale', { initial }, { from: 1 });
    requireWhole('lossScale', { growthInterval }, { from: 1 });
    this.settings = { initial, growthInterval };
    this.cell = new Cell(tensor([initial, 0]).node, 'lossScale', false);
  }

  /** The scale, and how many good steps there have been in a row: [2]. The next step replaces it. */
  get state(): AnyTensor {
    return new Tensor(this.cell.read());
  }

  /** @throws ShapeError or DTypeError where it is not [2] of f32, ArgumentError where it is no tensor. */
  set state(state: AnyTensor) {
    requireDType('lossScale.state', state, ['f32']);
    if (!sameShape(state.shape, [2])) {
      throw new ShapeError(
        `lossScale.state: must be [2], the scale and how many good steps there have been in a row; got [${state.shape}].`,
      );
    }
    this.cell.assign(state.node);
  }

  /** A tensor times the scale. */
  times(x: AnyTensor): Tensor {
    return x.mul(this.scalar) as Tensor;
  }

  /** A tensor divided by the scale. */
  over(x: AnyTensor): Tensor {
    return x.div(this.scalar) as Tensor;
  }

  /** The change of the state by a step whose gradients are multiplied by `factor` [1], 0 where they are bad. */
  update(factor: Node): Effect {
    const { growthInterval } = this.settings;
    const type = { shape: [0], dtype: 'f32' } as const;
    const node = new Node(operation, [this.cell.read(), factor], type, {}, { growthInterval });
    return { node, writes: [this.cell] };
  }

  private get scalar(): AnyTensor {
    return reshape(slice(this.state, [0], [1]), []);
  }
}
