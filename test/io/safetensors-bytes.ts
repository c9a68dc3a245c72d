import fc from 'fast-check';
import type { HostTensor } from '../../src/io/host-tensor.ts';
import type { DType } from '../../src/kernels/dtype.ts';

export function bytesOf(data: ArrayBufferView): number[] {
  return [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

/** A file as the format is published: the header's length, the header, the elements. */
export function fileOf(header: object | string | Uint8Array, elements: number[]): Uint8Array {
  const text =
    header instanceof Uint8Array || typeof header === 'string' ? header : JSON.stringify(header);
  const json = Buffer.from(text as string);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.from(elements)]));
}

export function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}

/** Any shape of up to 4 axes, of any dtype that is the same bytes on the host (f16 is not), sizes of 0 among them, with any bits at all: NaNs of all kinds. */
const tensors: fc.Arbitrary<HostTensor> = fc
  .tuple(
    fc.constantFrom<Exclude<DType, 'f16'>>('f32', 'i32', 'u32', 'u8', 'bool'),
    fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
  )
  .chain(([dtype, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const exactly = { minLength: size, maxLength: size };
    const words = fc.uint32Array(exactly);
    const data = {
      f32: words.map((bits) => new Float32Array(bits.buffer)),
      i32: words.map((bits) => new Int32Array(bits.buffer)),
      u32: words,
      u8: fc.uint8Array(exactly),
      bool: fc.uint8Array({ ...exactly, max: 1 }),
    }[dtype];
    return (data as fc.Arbitrary<HostTensor['data']>).map((data) => ({ shape, dtype, data }));
  });

const names = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('layers.0.weight', '__proto__', '', '10', '"'),
  )
  .filter((name) => name !== '__metadata__');

export const tensorMaps: fc.Arbitrary<Map<string, HostTensor>> = fc
  .array(fc.tuple(names, tensors), { maxLength: 5 })
  .map((entries) => new Map(entries));
