import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** The TypeScript of a page, block by block. */
async function codeOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);
}

/** Type-checks a script as it stands on the page, runs it, and returns what it printed. */
async function runScript(code: string): Promise<string> {
  // Inside the repository, so that the compiler finds its settings and the script the sources.
  const folder = await mkdtemp(join(root, 'test', 'readme-'));
  try {
    const file = join(folder, 'script.ts');
    await writeFile(file, code.replace("'wgrad'", "'../../src/index.ts'"));
    const settings = { extends: '../../tsconfig.json', include: ['script.ts', '../../src'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    await run('npx', ['tsc', '-p', folder], { cwd: root });
    const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
    const { stdout } = await run(process.execPath, [...loaders, file], { cwd: root });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the README's training script compiles, runs and learns", async () => {
  const [training] = await codeOf('README.md');
  const losses = (await runScript(training as string)).trim().split('\n').map(Number);
  assert.is(losses.length, 94);
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  assert.ok(mean(losses.slice(-10)) < 0.5 * mean(losses.slice(0, 10)), losses.join());
});

test("the README's gradient is what its comment says", async () => {
  const [, gradient] = await codeOf('README.md');
  assert.match(await runScript(gradient as string), /\[ 2, 4, 6 \]/);
});

test.run();
