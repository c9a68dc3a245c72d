import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runPage } from '../page.ts';
import { writeTinyCifar } from './published/tiny-cifar.ts';
import { withFolder, writeTiny } from './tiny-images.ts';

const test = suite('docs/data.md');

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
    const env = { ...process.env, WGRAD_DATA: folder };
    const { printed } = await runPage('data.md', folder, env);
    assert.equal(printed.trim().split('\n'), [
      '1 0 2',
      '0 3 1 2',
      '1 2',
      '2 1',
      'the last batch of epoch 3 has 3 examples',
      '1104',
      '[ 2, 2 ] [ [ 500 ], [ 200 ] ]',
      '[ 2, 28, 28, 1 ] [ 2, 28, 28, 1 ] [ 2 ]',
      '121 [ 1, 24, 1 ] [ [ 174, 175, 176, 177, 178, 179 ] ]',
      '[ 80, 2 ] 0.612 350',
      '10 × 32 × 32 × 3',
      "[ 'cat', 'dog' ] [ 2, 64, 64, 3 ] [ 2 ]",
      "[ 'setosa', 'virginica' ] 2",
    ]);
  }));

test.run();
