// What `wgrad/node` exports must work where `wgrad` is not imported as well, so it is tried in a
// process that imports nothing else.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Tensor } from '../src/index.ts';
import { withFolder } from './data/tiny-images.ts';

const test = suite('entries');
const loader = new URL('../scripts/wgsl-loader.mjs', import.meta.url).href;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What a program prints, as JSON. */
async function printed(program: string): Promise<unknown> {
  const imports = ['--import', 'tsx', '--import', loader, '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, imports, { cwd: root });
  return JSON.parse(stdout);
}

test('wgrad/node alone reads files whose tensors have all methods', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'table.csv');
    await writeFile(file, 'x,y\n1,a\n2,b\n');
    const { methods, inputs } = (await printed(`
      import { csv } from './src/node.ts';
      const set = await csv(${JSON.stringify(file)}, { inputs: ['x'], target: 'y' });
      const { inputs } = await set.get(Int32Array.of(1, 0));
      const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(inputs));
      console.log(JSON.stringify({ methods, inputs: [...await inputs.data()] }));
      process.exit();
    `)) as { methods: string[]; inputs: number[] };
    assert.equal(inputs, [2, 1]);
    assert.equal(methods.sort(), Object.getOwnPropertyNames(Tensor.prototype).sort());
  }));

test.run();
