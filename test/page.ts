import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { withFolder } from './data/tiny-images.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = { wgrad: 'index', 'wgrad/node': 'node', 'wgrad/distributed': 'distributed' };

/** A page of docs/ and its examples, which import this checkout. */
export async function readPage(page: string): Promise<{ text: string; examples: string[] }> {
  const text = await readFile(join(root, 'docs', page), 'utf8');
  const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) =>
    code.replace(/from '(wgrad(?:\/node|\/distributed)?)'/g, (_, name: keyof typeof entries) => {
      return `from '${join(root, 'src', `${entries[name]}.ts`)}'`;
    }),
  );
  return { text, examples };
}

/** What a script prints that is run in a folder, where it leaves what it writes. */
export async function runScript(
  code: string,
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  await writeFile(join(folder, 'script.mts'), code);
  const loaders = [import.meta.resolve('tsx'), join(root, 'scripts/wgsl-loader.mjs')];
  const options = loaders.flatMap((loader) => ['--import', loader]);
  const run = promisify(execFile);
  return (await run(process.execPath, [...options, 'script.mts'], { cwd: folder, env })).stdout;
}

/** A page of docs/ and what its examples print, run as one script in a folder. */
export async function runPage(
  page: string,
  folder: string,
  env?: NodeJS.ProcessEnv,
): Promise<{ text: string; printed: string }> {
  const { text, examples } = await readPage(page);
  return { text, printed: await runScript(examples.join('\n'), folder, env) };
}

/** Holds what the examples of a page print to the comments behind its `console.log`s. */
export async function printsWhatItSays(page: string): Promise<void> {
  await withFolder(async (folder) => {
    const { text, printed } = await runPage(page, folder);
    const said = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words);
    assert.ok(said.length > 0, 'the page says of nothing what it prints');
    assert.equal(printed.trim().split('\n'), said);
  });
}
