import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  FASHION_MNIST_CLASSES,
  loadFashionMnist,
} from '../../../src/data/published/fashion-mnist.ts';
import { DownloadError } from '../../../src/data/published/partial-file.ts';
import { rejection, withFolder, writeTiny } from '../tiny-images.ts';

const test = suite('fashion-mnist');

/** The folder with the real files, where this machine has them. */
const REAL =
  process.env.WGRAD_DATA === undefined ? undefined : join(process.env.WGRAD_DATA, 'fashion-mnist');

test('it is looked for under its own name', () =>
  withFolder(async (folder) => {
    process.env.WGRAD_DATA = folder;
    await writeTiny(join(folder, 'mnist'));
    const options = { cacheDir: join(folder, 'cache'), mirrors: [] };
    assert.instance(await rejection(loadFashionMnist(options)), DownloadError);
    await writeTiny(join(folder, 'fashion-mnist'));
    const loaded = await loadFashionMnist(options);
    assert.is(loaded.source, join(folder, 'fashion-mnist'));
    assert.is(loaded.classes, FASHION_MNIST_CLASSES.length);
    assert.equal([...loaded.train.labels], [7, 0, 9]);
  }));

test('the real files have as many images of each class', async () => {
  if (REAL === undefined) {
    console.log('skipped: WGRAD_DATA names no folder with the real Fashion-MNIST');
    return;
  }
  const loaded = await loadFashionMnist();
  assert.is(loaded.source, REAL);
  for (const [part, each] of [
    [loaded.train, 6000],
    [loaded.test, 1000],
  ] as const) {
    const counts = new Array<number>(10).fill(0);
    for (const label of part.labels) counts[label]!++;
    assert.equal(counts, new Array(10).fill(each));
  }
});

test.run();
