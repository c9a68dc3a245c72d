import { readCifarRecords } from '../../../src/data/published/cifar-records.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { damaged } from './mutations.ts';

const RECORD = 3073;
const file = Uint8Array.from({ length: 3 * RECORD }, (_, i) =>
  i % RECORD === 0 ? i % 10 : i & 255,
);

export const cifar: Reader = {
  name: 'cifar records',
  // Mostly of whole records, since all else is refused by its length.
  input(chance) {
    const bytes = damaged(file, file, chance);
    return chance.below(4) === 0 ? bytes : bytes.slice(0, bytes.length - (bytes.length % RECORD));
  },
  read(input) {
    const { images, labels, count } = readCifarRecords([{ name: 'the file', bytes: input }]);
    if (images.length !== count * 3072 || labels.length !== count) throw new Error('other sizes');
    if (labels.some((label) => label > 9)) throw new Error(`labels ${labels}`);
  },
};

await asProgram(import.meta, cifar);
