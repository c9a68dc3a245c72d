import type { HostArray } from '../kernels/dtype.ts';

/** A format of 8 bits: sign, exponent and fraction (OCP 8-bit floating point specification, 2023). */
interface ByteFloat {
  readonly exponentBits: number;
  readonly bias: number;
  /** The codes that do not follow the rule, and what they mean. */
  readonly special: Readonly<Record<number, number>>;
}

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

const E4M3: ByteFloat = { exponentBits: 4, bias: 7, special: { 127: NAN, 255: NAN } };
const E5M2: ByteFloat = {
  exponentBits: 5,
  bias: 15,
  special: {
    ...{ 124: POSITIVE_INFINITY, 252: NEGATIVE_INFINITY },
    ...{ 125: NAN, 126: NAN, 127: NAN, 253: NAN, 254: NAN, 255: NAN },
  },
};
/** "Finite, NaN, unsigned zero": what would be −0 is the only NaN. */
const E4M3FNUZ: ByteFloat = { exponentBits: 4, bias: 8, special: { 128: NAN } };
const E5M2FNUZ: ByteFloat = { exponentBits: 5, bias: 16, special: { 128: NAN } };

/** Makes f32 of so many bytes. Every value is an f32 too. */
type Convert = (codes: Uint8Array, values: HostArray) => void;

/** By their names in safetensors. */
export const byteFloats: Readonly<Record<string, Convert>> = {
  F8_E4M3: lookUp((code) => floatOf(code, E4M3)),
  F8_E5M2: lookUp((code) => floatOf(code, E5M2)),
  F8_E4M3FNUZ: lookUp((code) => floatOf(code, E4M3FNUZ)),
  F8_E5M2FNUZ: lookUp((code) => floatOf(code, E5M2FNUZ)),
  // A scale: an exponent without sign and fraction.
  F8_E8M0: lookUp((code) => (code === 0xff ? NAN : 2 ** (code - 127))),
};

function lookUp(meaning: (code: number) => number): Convert {
  return (codes, values) => {
    const table = Float32Array.from({ length: 256 }, (_, code) => meaning(code));
    for (let i = 0; i < values.length; i++) values[i] = table[codes[i] as number] as number;
  };
}

function floatOf(code: number, { exponentBits, bias, special }: ByteFloat): number {
  const value = special[code];
  if (value !== undefined) return value;
  const fractionBits = 7 - exponentBits;
  const one = 2 ** fractionBits;
  const fraction = code & (one - 1);
  const exponent = (code & 0x7f) >> fractionBits;
  const size =
    exponent === 0 ? fraction * 2 ** (1 - bias) : (one + fraction) * 2 ** (exponent - bias);
  return ((code & 0x80 ? -1 : 1) * size) / one;
}
