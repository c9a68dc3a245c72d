import type { Node } from '../../../graph/node.ts';
import type { HostTensor } from '../../../io/host-tensor.ts';
import { halfRounded } from '../../../kernels/half.ts';
import { type GraphWriter, notExported, type Written } from './graph-writer.ts';
import type { Size } from './open-sizes.ts';
import { cast } from './rule.ts';

/** What weights of f32 are stored as. */
export type WeightType = 'f32' | 'f16';

/** [KH, KW, C, O] as ONNX has filters, [O, C, KH, KW], and back. */
const TO_FILTER = [3, 2, 0, 1];
const FROM_FILTER = [2, 3, 1, 0];
const CONVOLUTIONS = ['conv2d', 'depthwiseConv2d', 'conv2dInputGradient'];

/** Of a weight: its node, those that it goes into, and what it is to be stored as. */
interface Use {
  readonly node: Node;
  readonly users: readonly Node[];
  readonly type: WeightType;
}

/**
 * Writes a weight under its name; a filter is kept in the order that ONNX' convolutions take.
 * @throws ArgumentError where f16 cannot hold it.
 */
export function writeWeight(
  writer: GraphWriter,
  name: string,
  value: HostTensor,
  { node, users, type }: Use,
): Written {
  const isFilter =
    value.shape.length === 4 &&
    users.every(({ op, inputs }) => CONVOLUTIONS.includes(op.name) && inputs[1] === node);
  if (!isFilter) return stored(writer, name, value, type);
  const filter = stored(writer, name, transposed(value, TO_FILTER), type);
  const shape = FROM_FILTER.map((axis) => filter.shape[axis] as Size);
  return { name, shape, dtype: value.dtype, origin: { value: filter, permutation: FROM_FILTER } };
}

function stored(writer: GraphWriter, name: string, value: HostTensor, type: WeightType): Written {
  if (value.dtype !== 'f32' || type === 'f32') return writer.constant(name, value);
  const large = value.data.find((x) => Number.isFinite(x) && !Number.isFinite(halfRounded(x)));
  if (large !== undefined) {
    throw notExported(
      `weight '${name}'`,
      `it holds ${large}, and f16 nothing above 65504. Leave weights: 'f16' out.`,
    );
  }
  return cast(writer, writer.constant(name, { ...value, dtype: 'f16' }), 'f32');
}

function transposed(
  { shape, dtype, data }: HostTensor,
  permutation: readonly number[],
): HostTensor {
  const sizes = permutation.map((axis) => shape[axis] ?? 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = permutation.map((axis) => strides[axis] ?? 1);
  const moved = data.slice();
  const at = sizes.map(() => 0);
  for (let i = 0; i < moved.length; i++) {
    moved[i] = data[at.reduce((sum, place, axis) => sum + place * (steps[axis] ?? 0), 0)] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (sizes[axis] ?? 1)) break;
      at[axis] = 0;
    }
  }
  return { shape: sizes, dtype, data: moved };
}
