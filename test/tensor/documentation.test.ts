import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Tensor } from '../../src/index.ts';

const test = suite('docs/ops.md');

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Methods of a tensor that are no ops. */
const noOps = ['constructor', 'data', 'item', 'array', 'realize', 'dispose', 'toString'].concat(
  'toJSON',
  'backward',
);
const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))
  .filter(([name, { value }]) => typeof value === 'function' && !noOps.includes(name))
  .map(([name]) => name);

/** The functions that the entry exports from the rooms of ops. */
async function functions(): Promise<string[]> {
  const entry = await read('src/index.ts');
  const exports = entry.matchAll(/export \{([^}]*)\} from '\.\/tensor\/ops\//g);
  return [...exports].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => /^[a-z]\w*$/.test(name)),
  );
}

/** The rows of the page's tables: how an op is called, and its names elsewhere. */
async function rows(): Promise<[call: string, tensorflow: string][]> {
  const lines = (await read('docs/ops.md')).matchAll(/^\| `(.+?)` \| (?:`tf\.([\w.]+)`)? ?\|/gm);
  return [...lines].map(([, call = '', tensorflow = '']) => [call, tensorflow]);
}

const nameOf = (call: string) => /^(?:x\.)?(\w+)\(/.exec(call)?.[1] ?? '';

test('every op has a row, called as it is, and every row an op', async () => {
  const calls = (await rows()).map(([call]) => call);
  const asMethods = calls.filter((call) => call.startsWith('x.')).map(nameOf);
  const asFunctions = calls.filter((call) => !call.startsWith('x.')).map(nameOf);
  assert.equal(asMethods.toSorted(), methods.toSorted());
  const others = (await functions()).filter((name) => !methods.includes(name));
  assert.equal(asFunctions.toSorted(), others.toSorted());
});

test('the names in TensorFlow.js are there', async () => {
  const named = (await rows()).flatMap(([, name]) => (name === '' ? [] : [name]));
  assert.ok(named.length > 80);
  const images = Object.entries(tf.image).map(([name, op]) => [`image.${name}`, op] as const);
  const known: Record<string, unknown> = { ...tf, ...Object.fromEntries(images) };
  for (const name of named) assert.type(known[name], 'function', name);
});

test.run();
