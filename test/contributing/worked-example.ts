import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';

/** What a worked example does to one file: it is new, or has lines put before one that it has. */
interface Change {
  readonly path: string;
  readonly before: string | undefined;
  readonly lines: string;
}

/** The changes of a page in this folder: a heading that names a file, then the lines in a block. */
export async function readWorkedExample(page: string): Promise<Change[]> {
  const text = await readFile(new URL(page, import.meta.url), 'utf8');
  return text
    .split('\n## ')
    .slice(1)
    .map((section) => {
      const [, path, before] = /^`([^`]+)`(?:, before `([^`]+)`)?\n/.exec(section) ?? [];
      const [, lines] = /```\w+\n(.*?)```/s.exec(section) ?? [];
      assert.ok(path !== undefined && lines !== undefined, `${page}: ${section.split('\n')[0]}`);
      return { path, before, lines };
    });
}

export async function applyChange(
  checkout: string,
  { path, before, lines }: Change,
): Promise<void> {
  const file = join(checkout, path);
  if (before === undefined) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, lines, { flag: 'wx' });
    return;
  }
  const [head, ...tails] = (await readFile(file, 'utf8')).split(`\n${before}`);
  assert.is(tails.length, 1, `${path} has ${tails.length} lines that begin with '${before}'`);
  await writeFile(file, `${head}\n${lines}${before}${tails[0]}`);
}
