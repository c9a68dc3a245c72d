import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readIdxImages } from '../../../src/data/files/idx-images.ts';
import { DataError } from '../../../src/errors.ts';
import { goodMirror, rejection, TINY, TINY_CONTENTS, withServer } from '../tiny-images.ts';

const test = suite('images out of idx files');

const { trainImages, trainLabels, testLabels } = TINY_CONTENTS;

test('from Blobs and bytes, packed or not, and from addresses', () =>
  withServer(goodMirror, async (address) => {
    const at = (part: keyof typeof TINY.files) => new URL(TINY.files[part].name, address);
    for (const [images, labels] of [
      [new Blob([new Uint8Array(trainImages)]), new Blob([new Uint8Array(trainLabels)])],
      [gunzipSync(trainImages), gunzipSync(trainLabels)],
      [at('trainImages'), at('trainLabels')],
    ] as const) {
      const seen: number[] = [];
      const read = await readIdxImages(images, labels, {
        classes: 10,
        onProgress: (bytes) => seen.push(bytes),
      });
      assert.equal([read.count, read.height, read.width, read.channels], [3, 28, 28, 1]);
      assert.equal([...read.labels], [7, 0, 9]);
      assert.equal(
        new Uint8Array(gunzipSync(trainImages)).subarray(16),
        new Uint8Array(read.images),
      );
      if (images instanceof Uint8Array) continue;
      assert.is(seen.at(-1), trainImages.length + trainLabels.length);
    }
  }));

test('what does not belong together, or is no such file, is refused by name', () =>
  withServer(goodMirror, async (address) => {
    for (const [images, labels, message] of [
      [trainImages, testLabels, /has 3 images but The data has 2 labels/],
      [trainLabels, trainImages, /does not hold images.*swapped/],
      [trainImages, new Blob(['no idx file']), /The Blob is not an idx file/],
      [
        'images.gz' as never,
        trainLabels,
        /no URL, Blob.*but 'images.gz'; pathToFileURL makes a URL/,
      ],
      [trainImages, undefined as never, /^The source cannot be read: it is no URL.*undefined/],
      [new URL('nothing', address), trainLabels, /nothing cannot be read: the server answered 404/],
    ] as const) {
      const error = await rejection(readIdxImages(images, labels));
      assert.instance(error, DataError);
      assert.match(error.message, message);
    }
    const error = await rejection(readIdxImages(trainImages, trainLabels, { classes: 9 }));
    assert.match(error.message, /label 9 at position 2; labels go from 0 to 8/);
  }));

test.run();
