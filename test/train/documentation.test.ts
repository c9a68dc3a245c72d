import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';

const test = suite('docs/training.md');

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page's examples as one script. */
async function script(): Promise<string> {
  const text = await readFile(join(root, 'docs', 'training.md'), 'utf8');
  const code = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block).join('\n');
  const entries = { wgrad: 'index', 'wgrad/node': 'node' };
  return code.replace(/from '(wgrad(?:\/node)?)'/g, (_, name: keyof typeof entries) => {
    return `from '${join(root, 'src', `${entries[name]}.ts`)}'`;
  });
}

test('its examples run, print what they say and write what they should', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'script.mts'), await script());
    const loaders = [
      import.meta.resolve('tsx'),
      new URL('scripts/wgsl-loader.mjs', `file://${root}/`).href,
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders.flatMap((loader) => ['--import', loader]), 'script.mts'],
      { cwd: folder },
    );
    const [first, ...others] = stdout.trim().split('\n');
    assert.match(first!, /^finished 0\.\d+$/);
    assert.equal(others, [
      'true',
      'true',
      'true',
      '65536',
      'epoch loss accuracy top3 lr seconds',
      'layers.1.gate.weight layers.1.gate.bias layers.1.steps.0.weight',
      '4 4 4',
      'stopped',
      '[ 1, 2, 3, 4 ]',
      'true 1000',
    ]);
    const files = (await readdir(join(folder, 'run'))).filter((name) => !name.includes('tfevents'));
    assert.equal(files.sort(), [
      'best.safetensors',
      'epoch-2.safetensors',
      'epoch-4.safetensors',
      'history.csv',
      'history.jsonl',
      'last.safetensors',
    ]);
  }));

test.run();
