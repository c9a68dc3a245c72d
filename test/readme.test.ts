import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

let folder = '';
let scripts: string[] = [];

// Type-checks the README's scripts as they stand, all at once, since that takes its time.
test.before(async () => {
  // Inside the repository, so that the compiler finds its settings and the scripts the sources.
  folder = await mkdtemp(join(root, 'test', 'readme-'));
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);
  scripts = blocks.map((_, i) => join(folder, `script-${i}.ts`));
  for (const [i, code] of blocks.entries()) {
    await writeFile(scripts[i] as string, code.replace("'wgrad'", "'../../src/index.ts'"));
  }
  const settings = { extends: '../../tsconfig.json', include: ['*.ts', '../../src'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { cwd: root });
});

test.after(() => rm(folder, { recursive: true }));

/** Runs a script of the README and returns what it printed. */
async function runScript(at: number): Promise<string> {
  const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
  const { stdout } = await run(process.execPath, [...loaders, scripts[at] as string], {
    cwd: root,
  });
  return stdout;
}

test("the README's training script compiles, runs and learns", async () => {
  const said = await runScript(0);
  const accuracy = Number(/accuracy: ([\d.]+)/.exec(said)?.[1]);
  assert.ok(accuracy > 0.9, said);
});

test("the README's own loop compiles, runs and learns", async () => {
  const losses = (await runScript(1)).trim().split('\n').map(Number);
  assert.is(losses.length, 94);
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  assert.ok(mean(losses.slice(-10)) < 0.5 * mean(losses.slice(0, 10)), losses.join());
});

test("the README's gradient is what its comment says", async () => {
  assert.match(await runScript(2), /\[ 2, 4, 6 \]/);
});

test('the README links to every page of docs/', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const pages = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  assert.equal(
    pages.filter((name) => !text.includes(`](docs/${name})`)),
    [],
  );
});

test.run();
