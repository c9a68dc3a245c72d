import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CIFAR10_CLASSES } from '../../../src/data/published/cifar-records.ts';
import {
  CIFAR10,
  loadCifar10,
  loadCifarRecords,
  type PublishedRecords,
  readCifar10,
} from '../../../src/data/published/cifar10.ts';
import { DownloadError } from '../../../src/data/published/partial-file.ts';
import { DataError } from '../../../src/errors.ts';
import { everythingIn, rejection, withFolder, withServer } from '../tiny-images.ts';
import { encodeTar } from './tar-encoder.ts';
import { pixel, records, tinyArchive, writeTinyCifar } from './tiny-cifar.ts';

const test = suite('cifar-10');

const NAMES = [...CIFAR10.train, ...CIFAR10.test];

/** The folder with the real files, where this machine has them. */
const REAL =
  process.env.WGRAD_DATA === undefined ? undefined : join(process.env.WGRAD_DATA, 'cifar-10');

const archive = tinyArchive();

const TINY: PublishedRecords = {
  ...CIFAR10,
  archive: {
    name: CIFAR10.archive.name,
    bytes: archive.length,
    md5: createHash('md5').update(archive).digest('hex'),
  },
  mirrors: [],
};

function requireTiny(loaded: Awaited<ReturnType<typeof loadCifar10>>, source: string): void {
  assert.is(loaded.source, source);
  assert.is(loaded.classes, 10);
  const { images, labels, ...size } = loaded.train;
  assert.equal(size, { count: 10, height: 32, width: 32, channels: 3 });
  assert.equal([...labels], [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]);
  assert.equal([...loaded.test.labels], [5, 4]);
  const expected: number[] = [];
  for (let image = 0; image < 10; image++) {
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        for (let channel = 0; channel < 3; channel++) {
          expected.push(pixel(image >> 1, image & 1, y, x, channel));
        }
      }
    }
  }
  assert.equal(Buffer.compare(images, Uint8Array.from(expected)), 0);
}

test('planes become pixels, file after file', () =>
  withFolder(async (folder) => {
    await writeTinyCifar(folder);
    requireTiny(await loadCifar10({ data: folder }), folder);
  }));

test('what is nowhere is downloaded once, unpacked, and the archive removed', () =>
  withFolder(async (cacheDir) => {
    let asked = 0;
    await withServer(
      (_, response) => {
        asked++;
        response.end(archive);
      },
      async (mirror) => {
        const folder = join(cacheDir, 'cifar-10');
        for (let again = 0; again < 2; again++) {
          requireTiny(await loadCifarRecords(TINY, { cacheDir, mirrors: [mirror] }), folder);
        }
        assert.is(asked, 1);
        assert.equal(
          (await everythingIn(folder)).sort(),
          NAMES.map((name) => name.replace('.gz', '')),
        );
      },
    );
  }));

test('an archive that lacks a file says which', () =>
  withFolder(async (cacheDir) => {
    const other = gzipSync(encodeTar({ 'x/other.bin': Uint8Array.of(1) }));
    const md5 = createHash('md5').update(other).digest('hex');
    const set = { ...TINY, archive: { ...TINY.archive, bytes: other.length, md5 } };
    await withServer(
      (_, response) => response.end(other),
      async (mirror) => {
        const error = await rejection(loadCifarRecords(set, { cacheDir, mirrors: [mirror] }));
        assert.instance(error, DataError);
        assert.match(error.message, /tar\.gz does not hold data_batch_1\.bin, only other\.bin/);
      },
    );
  }));

test('an archive is read from a Blob or bytes, unpacked or not, and must hold the files', async () => {
  requireTiny(await readCifar10(new File([new Uint8Array(archive)], 'dropped')), 'dropped');
  requireTiny(await readCifar10(gunzipSync(archive)), 'The data');
  const other = encodeTar({ 'x/other.bin': Uint8Array.of(1) });
  const error = await rejection(readCifar10(other));
  assert.instance(error, DataError);
  assert.match(error.message, /The data does not hold data_batch_1\.bin, only other\.bin/);
});

test('a folder that lacks files, and one that has others in their place, are named', () =>
  withFolder(async (folder) => {
    const none = await rejection(loadCifar10({ data: folder }));
    assert.ok(none.message.startsWith(`${folder} does not hold CIFAR-10: data_batch_1.bin.gz`));
    const [first] = NAMES as [string];
    for (const [contents, expected] of [
      [records(0, [1]).subarray(1), /data_batch_1.* records have 3073 bytes, .* its 3072/],
      [records(0, [1, 10]), /data_batch_1.* has label 10 in record 1/],
    ] as const) {
      await writeTinyCifar(folder, { [first]: contents });
      const error = await rejection(loadCifar10({ data: folder }));
      assert.instance(error, DataError);
      assert.match(error.message, expected);
    }
  }));

test('without a mirror the caller can tell that it cannot be had', () =>
  withFolder(async (cacheDir) => {
    assert.instance(await rejection(loadCifar10({ cacheDir, mirrors: [] })), DownloadError);
  }));

test('the real files have as many images of each class', async () => {
  if (REAL === undefined) {
    console.log('skipped: WGRAD_DATA names no folder with the real CIFAR-10');
    return;
  }
  const loaded = await loadCifar10();
  assert.is(loaded.source, REAL);
  for (const [part, each] of [
    [loaded.train, 5000],
    [loaded.test, 1000],
  ] as const) {
    const counts = new Array<number>(CIFAR10_CLASSES.length).fill(0);
    for (const label of part.labels) counts[label]!++;
    assert.equal(counts, new Array(10).fill(each));
    assert.is(part.images.length, part.count * 32 * 32 * 3);
  }
});

test.run();
