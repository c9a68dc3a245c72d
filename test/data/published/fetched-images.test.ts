import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchImages } from '../../../src/data/published/fetched-images.ts';
import { DataError } from '../../../src/errors.ts';
import { encodeIdx } from '../files/idx-encoder.ts';
import { goodMirror, rejection, TINY, withServer } from '../tiny-images.ts';

const test = suite('images by their address');

test('both halves of a set', () =>
  withServer(goodMirror, async (address) => {
    const { train, test: held, source } = await fetchImages(TINY, { data: address });
    assert.equal([train.count, train.height, train.width], [3, 28, 28]);
    assert.equal([...held.labels], [1, 2]);
    assert.is(source, address);
  }));

test('halves of two sets are refused', () =>
  withServer(
    (request, response) => {
      if (request.url !== `/${TINY.files.testImages.name}`) return goodMirror(request, response);
      response.end(gzipSync(encodeIdx([2, 28, 27], new Uint8Array(2 * 28 * 27))));
    },
    async (address) => {
      const error = await rejection(fetchImages(TINY, { data: address }));
      assert.instance(error, DataError);
      assert.match(
        error.message,
        new RegExp(`^${address} mixes two data sets: .*28 x 28.*28 x 27`),
      );
    },
  ));

test.run();
