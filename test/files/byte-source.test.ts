import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError } from '../../src/errors.ts';
import { nameOfSource, readSource, unpacked } from '../../src/files/byte-source.ts';
import { rejection, withFolder, withServer } from '../data/tiny-images.ts';

const test = suite('byte sources');

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) & 255);

test('an address, a Blob, a file and bytes give the same, and tell how much has come', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'some.bin');
    await writeFile(path, bytes);
    await withServer(
      (_, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
      async (address) => {
        for (const source of [new URL(address), new Blob([bytes]), pathToFileURL(path)]) {
          const seen: number[] = [];
          const read = await readSource(source, {
            onProgress: (count, total) => {
              assert.is(total, bytes.length);
              seen.push(count);
            },
          });
          assert.equal(read, bytes);
          assert.is(seen.at(-1), bytes.length);
          assert.equal(
            seen,
            [...seen].sort((a, b) => a - b),
          );
        }
      },
    );
    assert.is(await readSource(bytes), bytes);
  }));

test('of what a server compresses on the way the total is not known', () =>
  withServer(
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes)),
    async (address) => {
      const totals = new Set<number | undefined>();
      const onProgress = (_: number, total: number | undefined) => totals.add(total);
      assert.equal(await readSource(new URL(address), { onProgress }), bytes);
      assert.equal([...totals], [undefined]);
    },
  ));

test('what a server refuses is said', () =>
  withServer(
    (_, response) => response.writeHead(404).end(),
    async (address) => {
      const error = await rejection(readSource(new URL(address)));
      assert.match(error.message, /the server answered 404 Not Found/);
    },
  ));

test('a signal stops a server that never ends, before its answer and behind it', async () => {
  for (const answers of [true, false]) {
    await withServer(
      (_, response) => {
        if (answers) response.writeHead(200).write('a beginning');
      },
      async (address) => {
        const stop = new AbortController();
        const read = readSource(new URL(address), { signal: stop.signal });
        setTimeout(() => stop.abort(new Error('enough')), 50);
        assert.is((await rejection(read)).message, 'enough');
        assert.is(
          (await rejection(readSource(new Blob(['x']), { signal: stop.signal }))).message,
          'enough',
        );
      },
    );
  }
});

test('gzip is told by the first bytes, and what is damaged or too large is refused', async () => {
  const packed = new Uint8Array(gzipSync(bytes));
  assert.is(await unpacked(bytes, 'some', 1), bytes);
  assert.equal(await unpacked(packed, 'some', bytes.length), bytes);
  for (const [given, most, message] of [
    [packed, bytes.length - 1, /some unpacks to more than/],
    [packed.subarray(0, 100), bytes.length, /some is a corrupt or truncated gzip file/],
  ] as const) {
    const error = await rejection(unpacked(given, 'some', most));
    assert.instance(error, DataError);
    assert.match(error.message, message);
  }
});

test('sources have names for errors', () => {
  assert.is(nameOfSource(new URL('https://example.org/w.bin')), 'https://example.org/w.bin');
  assert.is(nameOfSource(new Blob([])), 'The Blob');
  assert.is(nameOfSource(Object.assign(new Blob([]), { name: 'w.bin' }) as Blob), 'w.bin');
  assert.is(nameOfSource(bytes), 'The data');
});

test.run();
