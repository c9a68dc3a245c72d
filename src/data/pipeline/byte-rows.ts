import { tensor } from '../../tensor/ops/creation.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** The most that a kernel can read from one buffer on any device (WebGPU's least limit), in bytes. */
const BINDING_BYTES = 2 ** 27;

/**
 * Bytes on the device, in as many tensors as it takes; gives the rows (slices of the first axis)
 * at indices i32 [n].
 *
 * @param shape of all bytes
 * @param most bytes in one tensor
 */
export function byteRows(
  bytes: Uint8Array,
  shape: readonly [number, ...number[]],
  most = BINDING_BYTES,
): (indices: Tensor<Shape, 'i32'>) => Tensor<Shape, 'u8'> {
  const [count, ...row] = shape;
  const rowBytes = row.reduce((product, size) => product * size, 1);
  const rows = Math.max(1, Math.floor(most / rowBytes));
  if (count <= rows) {
    const all: Tensor<Shape, 'u8'> = tensor(bytes, shape);
    return (indices) => all.gather(indices);
  }
  const parts = Array.from({ length: Math.ceil(count / rows) }, (_, part) => {
    const first = part * rows;
    const size = Math.min(rows, count - first);
    const values = bytes.subarray(first * rowBytes, (first + size) * rowBytes);
    return { first, part: tensor(values, [size, ...row]) };
  });
  // Indices computed on the device may lie outside, where gather gives 0: one part has each row.
  return (indices) =>
    parts
      .map(({ first, part }) => part.gather(indices.sub(first)))
      .reduce((sum, rows) => sum.add(rows));
}
