import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageDataset } from '../../../src/data/labelled-images.ts';
import { loadIdxImages } from '../../../src/data/published/idx-images.ts';
import { loadMnist, MNIST } from '../../../src/data/published/mnist.ts';
import { DownloadError } from '../../../src/data/published/partial-file.ts';
import { DataError } from '../../../src/errors.ts';
import { encodeIdx } from '../files/idx-encoder.ts';
import {
  everythingIn,
  goodMirror,
  rejection,
  TINY,
  TINY_FILES,
  withFolder,
  withServer,
  writeTiny,
} from '../tiny-images.ts';

const test = suite('mnist');

/** The folder with the real files, where this machine has them. */
const REAL =
  process.env.WGRAD_DATA === undefined ? undefined : join(process.env.WGRAD_DATA, 'mnist');

function requireTiny(loaded: ImageDataset, source: string): void {
  assert.is(loaded.source, source);
  assert.is(loaded.classes, 10);
  const { images, labels, ...size } = loaded.train;
  assert.equal(size, { count: 3, height: 28, width: 28, channels: 1 });
  assert.is(images.length, 3 * 784);
  assert.equal([...labels], [7, 0, 9]);
  assert.equal([...loaded.test.labels], [1, 2]);
}

test('a folder asked for is used, packed or not, before any other', () =>
  withFolder(async (folder) => {
    const asked = join(folder, 'asked');
    process.env.WGRAD_DATA = join(folder, 'other');
    await writeTiny(join(folder, 'other', 'mnist'));
    for (const unpacked of [false, true]) {
      await writeTiny(asked, { unpacked });
      requireTiny(await loadMnist({ data: asked }), asked);
      await rm(asked, { recursive: true });
    }
  }));

test('a folder asked for that lacks files is an error that names them all', () =>
  withFolder(async (folder) => {
    process.env.WGRAD_DATA = join(folder, 'other');
    await writeTiny(join(folder, 'other', 'mnist'));
    const asked = join(folder, 'asked');
    await writeTiny(asked);
    await rm(join(asked, MNIST.files.testLabels.name));
    for (const data of [asked, join(folder, 'nowhere')]) {
      const error = await rejection(loadMnist({ data }));
      assert.instance(error, DataError);
      assert.not.instance(error, DownloadError);
      assert.ok(error.message.startsWith(`${data} does not hold MNIST`));
      assert.match(error.message, /t10k-labels-idx1-ubyte.gz missing/);
      for (const name of TINY_FILES.keys()) assert.ok(error.message.includes(name));
      assert.match(error.message, /with or without \.gz/);
    }
  }));

test('WGRAD_DATA comes before the cache', () =>
  withFolder(async (folder) => {
    process.env.WGRAD_DATA = join(folder, 'data');
    await writeTiny(join(folder, 'data', 'mnist'));
    await writeTiny(join(folder, 'cache', 'mnist'));
    const loaded = await loadMnist({ cacheDir: join(folder, 'cache'), mirrors: [] });
    requireTiny(loaded, join(folder, 'data', 'mnist'));
  }));

test('WGRAD_DATA without the files is passed over, and that is said', () =>
  withFolder(async (folder) => {
    process.env.WGRAD_DATA = join(folder, 'data');
    await writeTiny(join(folder, 'cache', 'mnist'));
    const notices: string[] = [];
    const loaded = await loadMnist({
      cacheDir: join(folder, 'cache'),
      onNotice: (notice) => notices.push(notice),
    });
    requireTiny(loaded, join(folder, 'cache', 'mnist'));
    assert.is(notices.length, 1);
    assert.match(notices[0]!, /^WGRAD_DATA names .*lacks train-images.*looking elsewhere/);
  }));

test("the user's cache is found through XDG_CACHE_HOME, without a word", () =>
  withFolder(async (folder) => {
    process.env.XDG_CACHE_HOME = folder;
    await writeTiny(join(folder, 'wgrad', 'mnist'));
    const notices: string[] = [];
    const loaded = await loadMnist({ onNotice: (notice) => notices.push(notice), mirrors: [] });
    requireTiny(loaded, join(folder, 'wgrad', 'mnist'));
    assert.equal(notices, []);
  }));

test('what is nowhere is downloaded once, only the files that lack', () =>
  withFolder(async (cacheDir) => {
    const asked: string[] = [];
    await withServer(
      (request, response) => {
        asked.push(request.url!.slice(1));
        goodMirror(request, response);
      },
      async (mirror) => {
        const folder = join(cacheDir, 'mnist');
        const notices: string[] = [];
        const options = {
          cacheDir,
          mirrors: [mirror],
          onNotice: (notice: string) => notices.push(notice),
        };
        requireTiny(await loadIdxImages(TINY, options), folder);
        assert.equal([...asked].sort(), [...TINY_FILES.keys()].sort());
        assert.equal(notices, [`Downloading MNIST to ${folder}.`]);
        requireTiny(await loadIdxImages(TINY, options), folder);
        assert.is(asked.length, 4);
        await rm(join(folder, TINY.files.testImages.name));
        requireTiny(await loadIdxImages(TINY, options), folder);
        assert.equal(asked.slice(4), [TINY.files.testImages.name]);
      },
    );
  }));

test('wrong contents from a mirror are never taken for MNIST', () =>
  withFolder((cacheDir) =>
    withServer(goodMirror, async (mirror) => {
      const error = await rejection(loadMnist({ cacheDir, mirrors: [mirror] }));
      assert.instance(error, DownloadError);
      assert.match(error.message, /MD5 ec29112dd5afa0611ce80d1b7f02629c/);
      assert.equal(await everythingIn(join(cacheDir, 'mnist')), []);
    }),
  ));

test('without a mirror the caller can tell that MNIST cannot be had', () =>
  withFolder(async (cacheDir) => {
    assert.instance(await rejection(loadMnist({ cacheDir, mirrors: [] })), DownloadError);
  }));

/** Files that do not belong together, by the name of the one that is replaced. */
const mismatches: [keyof typeof TINY.files, Uint8Array, RegExp][] = [
  ['trainLabels', encodeIdx([2], new Uint8Array(2)), /3 images but .*train-labels.* has 2 labels/],
  ['testLabels', encodeIdx([2], Uint8Array.of(3, 10)), /t10k-labels.* has label 10 at position 1/],
  ['trainLabels', encodeIdx([3, 1], new Uint8Array(3)), /does not hold labels.*found 3 x 1/],
  ['trainImages', encodeIdx([3], new Uint8Array(3)), /does not hold images.*found 3\./],
  ['testImages', encodeIdx([0, 28, 28], new Uint8Array(0)), /does not hold images.*0 x 28 x 28/],
  ['testImages', encodeIdx([2, 4, 5], new Uint8Array(40)), /28 x 28 pixels, test images 4 x 5/],
  ['testImages', new Uint8Array(9), /t10k-images.* is not an idx file/],
];

for (const [part, contents, expected] of mismatches) {
  test(`files that are wrong are named: ${expected.source}`, () =>
    withFolder(async (folder) => {
      const replaced = { [TINY.files[part].name]: gzipSync(contents) };
      await writeTiny(folder, { replaced });
      const error = await rejection(loadMnist({ data: folder }));
      assert.instance(error, DataError);
      assert.not.instance(error, DownloadError);
      assert.match(error.message, expected);
    }));
}

test('the real files have the published classes', async () => {
  if (REAL === undefined) {
    console.log('skipped: WGRAD_DATA names no folder with the real MNIST');
    return;
  }
  const loaded = await loadMnist();
  assert.is(loaded.source, REAL);
  const perClass = (labels: Uint8Array) => {
    const counts = new Array<number>(10).fill(0);
    for (const label of labels) counts[label]!++;
    return counts;
  };
  assert.equal(
    perClass(loaded.train.labels),
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  );
  assert.equal(
    perClass(loaded.test.labels),
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  );
  assert.is(loaded.train.images.length, 60_000 * 784);
  assert.is(loaded.test.images.length, 10_000 * 784);
});

test('the real files pass the check of a download', async () => {
  if (REAL === undefined) {
    console.log('skipped: WGRAD_DATA names no folder with the real MNIST');
    return;
  }
  await withFolder((cacheDir) =>
    withServer(
      async (request, response) => response.end(await readFile(join(REAL, request.url!))),
      async (mirror) => {
        const loaded = await loadMnist({ cacheDir, mirrors: [mirror] });
        assert.is(loaded.train.count, 60_000);
        assert.is((await everythingIn(join(cacheDir, 'mnist'))).length, 4);
      },
    ),
  );
});

test.run();
