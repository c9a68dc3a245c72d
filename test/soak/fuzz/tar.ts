import { readTar } from '../../../src/data/published/tar.ts';
import { encodeTar } from '../../data/published/tar-encoder.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { type Chance, damaged } from './mutations.ts';

const file = encodeTar({
  'batches/data_batch_1.bin': Uint8Array.from({ length: 700 }, (_, i) => i & 255),
  'batches/empty': new Uint8Array(0),
  'batches/readme.html': Buffer.from('<html>'),
});
const SIZES = ['-1', '77777777777', '00000000000', '00000001000', '99999999999', 'x', '', '1e3'];
const NAMES = ['/etc/passwd', '../../up', 'a/../../b', '', '\0', 'data_batch_1.bin', '\xff'];

/** Headers with other fields and the checksum that goes with them. */
function otherHeaders(chance: Chance): Uint8Array {
  const bytes = Buffer.from(file);
  for (const at of [0, 512 * 3, 512 * 4].filter(() => chance.below(2) === 0)) {
    const header = bytes.subarray(at, at + 512);
    const kind = chance.below(4);
    if (kind === 0) header.fill(0, 124, 136).write(chance.pick(SIZES), 124, 'latin1');
    else if (kind === 1) header.fill(0, 0, 100).write(chance.pick(NAMES), 0, 'latin1');
    else if (kind === 2) header[156] = chance.pick([0x31, 0x32, 0x35, 0x4c, 0x78, 0, 0xff]);
    else header.fill(chance.below(256), chance.below(512));
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0`, 148, 'latin1');
  }
  return bytes;
}

export const tar: Reader = {
  name: 'tar',
  input: (chance) => (chance.below(2) === 0 ? otherHeaders(chance) : damaged(file, file, chance)),
  read(input) {
    const files = readTar(input, 'the archive');
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    if (bytes > input.length) throw new Error(`${bytes} bytes out of ${input.length}`);
  },
};

await asProgram(import.meta, tar);
