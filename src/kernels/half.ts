const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The 16 bits of the f16 nearest to a number, the even one of two as near: binary16 of IEEE 754, with
 * a sign, 5 bits of exponent and 10 of fraction. From 65520 on that is infinity.
 */
export function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  // Subnormals have the steps of the lowest exponent; from the one above the highest on all is infinite.
  const exponent = Math.min(Math.max((word >>> 23) & 0xff, 113), 143);
  bits[0] = (264 - exponent) << 23;
  // Counted in steps of the result; beside 2⁵² a double has none but whole numbers.
  const steps = Math.abs(value) * (float[0] as number) + 2 ** 52 - 2 ** 52;
  return sign | Math.min(((exponent - 113) << 10) + steps, 0x7c00);
}

/** The number that 16 bits stand for; every f16 is an f32 too. */
export function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const size = half & 0x7fff;
  if (size >= 0x7c00) return size > 0x7c00 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  // The f32 of the same exponent and fraction: exponents of f32 begin 112 lower.
  bits[0] = size << 13;
  return sign * (float[0] as number) * 2 ** 112;
}

/** The f16 nearest to a number. */
export function halfRounded(value: number): number {
  return halfValue(halfBits(value));
}

// Loops, and not `from`, which makes a list of its operand first.

/** The codes of the f16 nearest to numbers. */
export function packedHalves(values: ArrayLike<number>): Uint16Array {
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = halfBits(values[i] as number);
  return codes;
}

/** Fills `values` with what codes stand for. */
export function unpackHalves(codes: Uint16Array, values: { [at: number]: number }): void {
  for (let i = 0; i < codes.length; i++) values[i] = halfValue(codes[i] as number);
}
