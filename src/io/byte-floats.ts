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

/** By their names in safetensors: what makes f32 of their bytes. Every value is an f32 too. */
export const byteFloats: Readonly<Record<string, (bytes: ArrayBuffer) => Float32Array>> = {
  F8_E4M3: (bytes) => lookUp(bytes, (code) => floatOf(code, E4M3)),
  F8_E5M2: (bytes) => lookUp(bytes, (code) => floatOf(code, E5M2)),
  F8_E4M3FNUZ: (bytes) => lookUp(bytes, (code) => floatOf(code, E4M3FNUZ)),
  F8_E5M2FNUZ: (bytes) => lookUp(bytes, (code) => floatOf(code, E5M2FNUZ)),
  // A scale: an exponent without sign and fraction.
  F8_E8M0: (bytes) => lookUp(bytes, (code) => (code === 0xff ? NAN : 2 ** (code - 127))),
};

function lookUp(bytes: ArrayBuffer, meaning: (code: number) => number): Float32Array {
  const table = Float32Array.from({ length: 256 }, (_, code) => meaning(code));
  const codes = new Uint8Array(bytes);
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = table[codes[i] as number] as number;
  return values;
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
