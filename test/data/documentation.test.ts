import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeTinyCifar } from './published/tiny-cifar.ts';
import { withFolder, writeTiny } from './tiny-images.ts';

const test = suite('docs/data.md');

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page's examples as one script. */
async function script(): Promise<string> {
  const text = await readFile(join(root, 'docs', 'data.md'), 'utf8');
  const code = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block).join('\n');
  const entries = { wgrad: 'index', 'wgrad/node': 'node' };
  return code.replace(/from '(wgrad(?:\/node)?)'/g, (_, name: keyof typeof entries) => {
    return `from '${join(root, 'src', `${entries[name]}.ts`)}'`;
  });
}

test('its examples run, and print what they say', () =>
  withFolder(async (folder) => {
    await writeTiny(join(folder, 'mnist'));
    await writeTinyCifar(join(folder, 'cifar-10'));
    for (const [name, grey] of [
      ['cat', 10],
      ['dog', 90],
    ] as const) {
      await mkdir(join(folder, 'pets', name), { recursive: true });
      const raw = { width: 5, height: 4, channels: 3 } as const;
      await sharp(new Uint8Array(60).fill(grey), { raw }).toFile(
        join(folder, 'pets', name, 'one.png'),
      );
    }
    await writeFile(join(folder, 'iris.csv'), 'length,width,species\n1,2,setosa\n3,4,virginica\n');
    await writeFile(join(folder, 'script.mts'), await script());
    const loaders = [
      import.meta.resolve('tsx'),
      new URL('scripts/wgsl-loader.mjs', `file://${root}/`).href,
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders.flatMap((loader) => ['--import', loader]), 'script.mts'],
      { cwd: folder, env: { ...process.env, WGRAD_DATA: folder } },
    );
    assert.equal(stdout.trim().split('\n'), [
      '1 0 2',
      'the last batch of epoch 3 has 3 examples',
      '1104',
      '10 × 32 × 32 × 3',
      "[ 'cat', 'dog' ] [ 2, 64, 64, 3 ] [ 2 ]",
      "[ 'setosa', 'virginica' ] 2",
    ]);
  }));

test.run();
