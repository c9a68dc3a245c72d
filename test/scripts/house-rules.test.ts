// scripts/check-house-rules.mjs on a small src that breaks every rule, and on one that keeps them.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../checkout-copy.ts';

const test = suite('house rules');
let folder = '';

test.before.each(async () => {
  folder = await mkdtemp(join(tmpdir(), 'house-rules-'));
  await cp(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const name of ['src/kernels/wgsl', 'src/kernels/optimizers', 'src/optim']) {
    await mkdir(join(folder, name), { recursive: true });
  }
});

test.after.each(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, lines: readonly string[]): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), `${lines.join('\n')}\n`);
}

function check(...args: string[]): { broken: boolean; said: string } {
  const script = join(folder, 'scripts/check-house-rules.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
  });
  assert.is(stderr, '');
  return { broken: status !== 0, said: stdout };
}

const statements = (count: number) => Array.from({ length: count }, (_, i) => `export let x${i};`);

test('a src that keeps them passes, and says so in a sentence a rule', async () => {
  await write('src/kernels/wgsl/a.wgsl', statements(350));
  const { broken, said } = check();
  assert.not.ok(broken);
  assert.is(said.trim().split('\n').length, 3);
});

test('long files and full folders are named', async () => {
  await write('src/optim/long.wgsl', statements(351));
  for (let i = 0; i < 21; i++) await write(`src/full/file${i}.ts`, ['']);
  const { broken, said } = check('sizes');
  assert.ok(broken);
  assert.match(said, 'src/optim/long.wgsl has 351 lines.');
  assert.match(said, 'src/full has 21 source files.');
});

test('ten lines in two kernels are found, whatever stands between and beside them', async () => {
  const lines = Array.from({ length: 10 }, (_, i) => `x = ${i};`);
  await write('src/kernels/wgsl/a.wgsl', ['// one', ...lines, 'x = 10;']);
  const disguised = lines.flatMap((line) => [`  ${line} // two`, '', '/* three', 'lines */']);
  await write('src/kernels/wgsl/b.wgsl', [...disguised, 'x = 11;']);
  const { broken, said } = check('duplicates');
  assert.ok(broken);
  assert.match(said, 'a.wgsl:2-11 and src/kernels/wgsl/b.wgsl:1-37: the same 10 lines.');
});

test('nine lines in two kernels, and imports in two optimizers, are no copies', async () => {
  const lines = Array.from({ length: 9 }, (_, i) => `x = ${i};`);
  const names = Array.from({ length: 10 }, (_, i) => `  a${i},`);
  for (const name of ['a', 'b']) {
    await write(`src/kernels/wgsl/${name}.wgsl`, lines);
    await write(`src/optim/${name}.ts`, ['import {', ...names, "} from './c.ts';"]);
  }
  assert.not.ok(check('duplicates').broken);
});

test('an optimizer that copies a launch rule is found', async () => {
  for (const path of ['src/optim/a.ts', 'src/kernels/optimizers/b.ts']) {
    await write(path, statements(10));
  }
  const { broken, said } = check('duplicates');
  assert.ok(broken);
  assert.match(said, 'src/optim/a.ts:1-10 and src/kernels/optimizers/b.ts:1-10');
});

test('every kind of type assertion counts, and `as const` does not', async () => {
  await write('src/optim/a.ts', [
    'let a = 1 as const;',
    'const b = a as unknown;',
    'const c = <number>b;',
    'const d = c!;',
    'let e!: number;',
    'export const f = !d && e !== 1; // as number',
  ]);
  const { broken, said } = check('assertions');
  assert.ok(broken);
  assert.match(said, 'src/optim: 4 in 6 lines');
});

test('assertions of every folder are shown where the rule is kept', async () => {
  await write('src/optim/a.ts', statements(5));
  assert.match(check('assertions', '--by-folder').said, 'src/optim: 0 in 5 lines, 0.00 in 100');
});

test.run();
