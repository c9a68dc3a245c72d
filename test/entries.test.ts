// What the entries beside `wgrad` export. It must work where `wgrad` is not imported as well, so it is
// tried in a process that imports nothing else.
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as wgrad from '../src/index.ts';
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
    assert.equal(methods.sort(), Object.getOwnPropertyNames(wgrad.Tensor.prototype).sort());
  }));

const isNamespace = (value: unknown) => Object.prototype.toString.call(value) === '[object Module]';
const namespaces = new Map(Object.entries(wgrad).filter(([, value]) => isNamespace(value)));

test('every namespace is an entry of its own, too, listed by package.json', async () => {
  const files = await readdir(join(root, 'src/entries'));
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const file of files) {
    const name = basename(file, '.ts');
    const namespace = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const own = await import(`../src/entries/${file}`);
    assert.equal(Object.keys(own), Object.keys(namespaces.get(namespace) ?? {}), name);
    assert.equal(exports[`./${name}`], {
      types: `./dist/entries/${name}.d.ts`,
      node: `./dist/bundle/entries/${name}.js`,
      default: `./dist/entries/${name}.js`,
    });
  }
  assert.is(files.length, namespaces.size);
});

test('wgrad/nn alone has layers that compute', async () => {
  const shape = await printed(`
    import * as nn from './src/entries/nn.ts';
    const model = nn.sequential([nn.dense(3, { activation: 'relu' })]).build([2]);
    console.log(JSON.stringify(model.variables[0].value.matMul(model.variables[0].value, true).shape));
    process.exit();
  `);
  assert.equal(shape, [3, 3]);
});

test.run();
