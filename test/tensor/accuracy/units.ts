const cell = new DataView(new ArrayBuffer(4));

/** The distance of neighbouring f32 numbers around a value: a unit in its last place. */
export function unit(value: number): number {
  cell.setFloat32(0, Math.fround(value));
  return 2 ** (Math.max((cell.getUint32(0) >>> 23) & 255, 1) - 150);
}

/** The number that an f32's bits are. */
export function numberOf(bits: number): number {
  cell.setUint32(0, bits);
  return cell.getFloat32(0);
}

export const LARGEST = 2 ** 128 - 2 ** 104;
/** Smaller numbers may be 0 to a GPU, as operands and as results. */
export const SMALLEST_NORMAL = 2 ** -126;
