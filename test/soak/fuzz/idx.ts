import { readIdx } from '../../../src/data/files/idx.ts';
import { encodeIdx } from '../../data/files/idx-encoder.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { damaged } from './mutations.ts';

const files = [
  encodeIdx(
    [3, 4, 5],
    Uint8Array.from({ length: 60 }, (_, i) => i),
  ),
  encodeIdx(
    [9],
    Uint8Array.from({ length: 9 }, (_, i) => i),
  ),
  encodeIdx([], Uint8Array.of(1)),
];

export const idx: Reader = {
  name: 'idx',
  input: (chance) => damaged(chance.pick(files), chance.pick(files), chance),
  read(input) {
    const { shape, values } = readIdx(input, 'the file');
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length) throw new Error(`${values.length} values, not ${size}`);
  },
};

await asProgram(import.meta, idx);
