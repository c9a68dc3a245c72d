import { ceilDivide } from '../launch.ts';

/** The elements in a block: gradients begin at offsets that can be bound, 256 bytes apart. */
const BLOCK = 64;

/** For each block of a flat buffer, how many of its elements belong to the gradient there. */
export function blockLengths(sizes: readonly number[]): Uint32Array {
  const blocks = sizes.map((size) => ceilDivide(size, BLOCK));
  const lengths = new Uint32Array(blocks.reduce((a, b) => a + b, 0)).fill(BLOCK);
  let end = 0;
  sizes.forEach((size, i) => {
    end += blocks[i] as number;
    if (size % BLOCK > 0) lengths[end - 1] = size % BLOCK;
  });
  return lengths;
}
