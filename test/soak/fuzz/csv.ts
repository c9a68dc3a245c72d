import '../../../src/tensor/methods.ts';
import { csv as read } from '../../../src/data/files/csv.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { damaged } from './mutations.ts';
import { ScratchFile } from './scratch-file.ts';

const tables = [
  'a,b,kind\n1,2,x\n3,4,y\n',
  '\ufeffa,b,kind\r\n-1e3,.5,"x, ""y"""\r\n+3,4.25,"two\r\nlines"\r\n\r\n0,1,x',
  'kind,a,note,b\rx,1,,2\ry,3,"",4\r',
].map((text) => Buffer.from(text));
const file = new ScratchFile('table.csv');

export const csv: Reader = {
  name: 'csv',
  input: (chance) => damaged(chance.pick(tables), chance.pick(tables), chance),
  async read(input) {
    file.write(input);
    const set = await read(file.path, { inputs: ['a', 'b'], target: 'kind' });
    const { inputs, targets } = await set.get(Int32Array.from({ length: set.count }, (_, i) => i));
    const numbers = await inputs.data();
    if (!numbers.every(Number.isFinite)) throw new Error(`${numbers} are not all finite`);
    const wrong = (await targets.data()).find((label) => !(label in set.classes));
    if (wrong !== undefined) throw new Error(`there is no class ${wrong}`);
  },
};

await asProgram(import.meta, csv);
