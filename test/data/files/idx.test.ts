import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readIdx, readIdxFile } from '../../../src/data/files/idx.ts';
import { DataError } from '../../../src/errors.ts';
import { rejection, withFolder } from '../tiny-images.ts';
import { encodeIdx } from './idx-encoder.ts';

const test = suite('idx');

/** Shapes of rank 0 to 4, sizes of 0 among them, with the values that fill them. */
const arrays = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return fc.tuple(fc.constant(shape), fc.uint8Array({ minLength: length, maxLength: length }));
});

function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}

function withFile(contents: Uint8Array, check: (path: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, 'some-idx-ubyte');
    await writeFile(path, contents);
    await check(path);
  });
}

test('reads back what was written, wherever in a buffer the bytes lie', () => {
  fc.assert(
    fc.property(arrays, fc.nat(5), ([shape, values], offset) => {
      const file = encodeIdx(shape, values);
      const buffer = new Uint8Array(offset + file.length);
      buffer.set(file, offset);
      const read = readIdx(buffer.subarray(offset), 'file');
      assert.equal(read.shape, shape);
      assert.equal([...read.values], [...values]);
    }),
  );
});

test('any cut, and any byte more, is told by name', () => {
  fc.assert(
    fc.property(arrays, fc.nat(), ([shape, values], where) => {
      const file = encodeIdx(shape, values);
      const cut = thrown(() => readIdx(file.subarray(0, where % file.length), 'the-file'));
      assert.instance(cut, DataError);
      assert.match(cut.message, /^the-file is (truncated|too short)/);
      const longer = thrown(() => readIdx(new Uint8Array([...file, 7]), 'the-file'));
      assert.instance(longer, DataError);
      assert.match(longer.message, /^the-file has bytes after its end/);
    }),
  );
});

test('says what it expected and what it found', () => {
  const file = encodeIdx([2, 3], new Uint8Array(6));
  const { message } = thrown(() => readIdx(file.subarray(0, 14), 'labels'));
  assert.match(message, /2 x 3 = 6 bytes of values, found 2\. .*downloaded again/);
});

test('a wrong magic is shown', () => {
  const { message } = thrown(() => readIdx(new TextEncoder().encode('<!doctype html>'), 'page'));
  assert.match(message, /page is not an idx file.*found 0x3c21646f/);
  const first = encodeIdx([1], new Uint8Array(1));
  first[0] = 1;
  assert.match(thrown(() => readIdx(first, 'f')).message, /not an idx file.*0x01000801/);
  first[0] = 0;
  first[2] = 0x0a;
  assert.match(thrown(() => readIdx(first, 'f')).message, /not an idx file.*0x00000a01/);
});

test('element types other than unsigned bytes are named', () => {
  const file = encodeIdx([1], new Uint8Array(4));
  file[2] = 0x0d;
  const error = thrown(() => readIdx(file, 'floats'));
  assert.instance(error, DataError);
  assert.match(error.message, /floats holds 32-bit floats \(idx type 0x0d\).*unsigned bytes/);
});

test('sizes whose product is beyond any memory are a truncated file', () => {
  const file = encodeIdx([1, 1, 1], new Uint8Array(1));
  file.fill(0xff, 4, 16);
  assert.match(thrown(() => readIdx(file, 'huge')).message, /huge is truncated/);
});

test('files are unpacked by content, not by name', async () => {
  const file = encodeIdx([2, 2], Uint8Array.of(1, 2, 3, 4));
  for (const contents of [file, gzipSync(file)]) {
    await withFile(contents, async (path) => {
      const read = await readIdxFile(path);
      assert.equal(read.shape, [2, 2]);
      assert.equal([...read.values], [1, 2, 3, 4]);
    });
  }
});

test('corrupt, truncated and empty files are named', async () => {
  const packed = gzipSync(
    encodeIdx(
      [200],
      new Uint8Array(200).map((_, at) => at * 37),
    ),
  );
  const corrupt = Uint8Array.from(packed);
  corrupt[corrupt.length - 6]! ^= 0xff; // within the checksum
  for (const [contents, expected] of [
    [corrupt, /is a corrupt or truncated gzip file \(incorrect data check/],
    [
      packed.subarray(0, packed.length - 20),
      /is a corrupt or truncated gzip file \(unexpected end/,
    ],
    [new Uint8Array(0), /is empty\. .*downloaded again/],
    [gzipSync(new Uint8Array(0)), /is too short for an idx file/],
  ] as const) {
    await withFile(contents, async (path) => {
      const error = await rejection(readIdxFile(path));
      assert.instance(error, DataError);
      assert.match(error.message, expected);
      assert.ok(error.message.startsWith(path));
    });
  }
});

test('a packed file unpacks to what its header says, and no further', async () => {
  const array = encodeIdx([2, 2], Uint8Array.of(1, 2, 3, 4));
  const bomb = gzipSync(Buffer.concat([array, new Uint8Array(50_000_000)]));
  const before = process.memoryUsage().arrayBuffers;
  await withFile(bomb, async (path) => {
    const error = await rejection(readIdxFile(path));
    assert.instance(error, DataError);
    assert.match(error.message, / unpacks to more bytes than it says or may\. /);
  });
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  // In two members, with a name in front.
  const named = gzipSync(array.subarray(0, 5));
  named[3] = 0x08;
  const parts = [named.subarray(0, 10), Buffer.from('x\0'), named.subarray(10)];
  await withFile(Buffer.concat([...parts, gzipSync(array.subarray(5))]), async (path) => {
    assert.equal([...(await readIdxFile(path)).values], [1, 2, 3, 4]);
  });
});

test('sizes that no file has are refused, packed too', async () => {
  const array = encodeIdx([255, 255, 255], new Uint8Array(255 ** 3));
  for (const at of [4, 8, 12]) array.fill(0xff, at, at + 4);
  await withFile(gzipSync(array.subarray(0, 5000)), async (path) => {
    const error = await rejection(readIdxFile(path));
    assert.instance(error, DataError);
    assert.match(error.message, / is truncated: its header says /);
  });
});

test('a file that cannot be opened is named, with the cause', async () => {
  const error = await rejection(readIdxFile('/no/such/file'));
  assert.instance(error, DataError);
  assert.match(error.message, /\/no\/such\/file cannot be read: ENOENT/);
  assert.is((error.cause as NodeJS.ErrnoException).code, 'ENOENT');
  assert.instance(await rejection(readIdxFile(tmpdir())), DataError);
});

test.run();
