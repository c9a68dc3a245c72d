import { decodeSafetensors, encodeSafetensors } from '../../../src/io/safetensors.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { type Chance, damaged, damagedJson } from './mutations.ts';

const file = encodeSafetensors(
  new Map([
    ['weight', { shape: [2, 3], dtype: 'f32', data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['count', { shape: [], dtype: 'i32', data: Int32Array.of(7) }],
    ['none', { shape: [0, 4], dtype: 'u32', data: new Uint32Array(0) }],
    ['bytes', { shape: [3], dtype: 'u8', data: Uint8Array.of(1, 2, 3) }],
    ['flags', { shape: [2], dtype: 'bool', data: Uint8Array.of(0, 1) }],
  ]),
  { made: 'here' },
);
const start = 8 + Number(Buffer.from(file).readBigUInt64LE(0));
const header = JSON.parse(Buffer.from(file.subarray(8, start)).toString());
const DTYPES = ['F64', 'F16', 'BF16', 'I64', 'U64', 'I8', 'U16', 'F8_E4M3', 'C64', 'F4', 'BOOL'];

/** A header with other JSON in it, or one whose dtypes and sizes go together again. */
function otherHeader(chance: Chance): Uint8Array {
  const entries = structuredClone(header);
  if (chance.below(3) === 0) {
    entries[chance.pick(['weight', 'count', 'bytes', 'flags'])].dtype = chance.pick(DTYPES);
  }
  let text = JSON.stringify(chance.below(4) === 0 ? entries : damagedJson(entries, chance));
  if (chance.below(20) === 0) text = text.replace(/"(\w+)":/, '"$1":1,"$1":');
  const json = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, file.subarray(start)]);
}

export const safetensors: Reader = {
  name: 'safetensors',
  input: (chance) => (chance.below(2) === 0 ? otherHeader(chance) : damaged(file, file, chance)),
  read(input) {
    const { tensors, unreadable } = decodeSafetensors(input);
    for (const [name, { shape, data }] of tensors) {
      const size = shape.reduce((product, length) => product * length, 1);
      if (size !== data.length) throw new Error(`${name} has ${data.length} elements, not ${size}`);
    }
    for (const error of unreadable.values()) throw error;
  },
};

await asProgram(import.meta, safetensors);
