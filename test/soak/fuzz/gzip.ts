import { gzipSync } from 'node:zlib';
import { readIdxFile } from '../../../src/data/files/idx.ts';
import { encodeIdx } from '../../data/files/idx-encoder.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { damaged } from './mutations.ts';
import { ScratchFile } from './scratch-file.ts';

const array = encodeIdx(
  [20, 6, 5],
  Uint8Array.from({ length: 600 }, (_, i) => (i * i) & 255),
);
const whole = gzipSync(array);
const file = new ScratchFile('images-idx3-ubyte.gz');

export const gzip: Reader = {
  name: 'gzip',
  /** Damaged once it was packed, packed once it was damaged, or a little that becomes a lot. */
  input(chance) {
    const kind = chance.below(8);
    if (kind === 0) return gzipSync(Buffer.concat([array, new Uint8Array(chance.below(2 ** 22))]));
    if (kind < 4) return gzipSync(damaged(array, array, chance));
    return damaged(whole, whole, chance);
  },
  async read(input) {
    file.write(input);
    const { shape, values } = await readIdxFile(file.path);
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length) throw new Error(`${values.length} values, not ${size}`);
  },
};

await asProgram(import.meta, gzip);
