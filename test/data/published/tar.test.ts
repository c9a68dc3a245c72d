import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTar } from '../../../src/data/published/tar.ts';
import { DataError } from '../../../src/errors.ts';
import { withFolder } from '../tiny-images.ts';
import { encodeTar } from './tar-encoder.ts';

const test = suite('tar');

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 255);

test('files of every length come out as they went in', () => {
  const files = { 'a/empty': bytes(0), 'a/one': bytes(1), block: bytes(512), more: bytes(1300) };
  const read = readTar(encodeTar(files), 'x.tar');
  assert.equal(Object.fromEntries([...read].map(([name, x]) => [name, [...x]])), {
    'a/empty': [],
    'a/one': [...bytes(1)],
    block: [...bytes(512)],
    more: [...bytes(1300)],
  });
});

test("archives of the system's tar are read, folders passed over", () =>
  withFolder(async (folder) => {
    const long = `${'long'.repeat(20)}/${'name'.repeat(20)}`;
    await mkdir(join(folder, 'in', long.split('/')[0]!), { recursive: true });
    await writeFile(join(folder, 'in', long), bytes(700));
    const done = spawnSync('tar', ['--format=ustar', '-cf', 'x.tar', 'in'], { cwd: folder });
    if (done.status !== 0) return console.log('skipped: no tar on this machine');
    const read = readTar(await readFile(join(folder, 'x.tar')), 'x.tar');
    assert.equal([...read.keys()], [`in/${long}`]);
    assert.equal([...read.get(`in/${long}`)!], [...bytes(700)]);
  }));

test('what is cut short, changed or something else is refused by name', () => {
  const whole = encodeTar({ one: bytes(600) });
  const changed = Uint8Array.from(whole);
  changed[0]! ^= 1;
  for (const [broken, expected] of [
    [whole.subarray(0, 700), /x\.tar is truncated: one should have 600 bytes, found 188/],
    [whole.subarray(0, 100), /x\.tar is truncated: no end after 100 bytes/],
    [whole.subarray(0, 1536), /x\.tar is truncated: no end after 1536 bytes/],
    [changed, /checksum of the header at byte 0 is wrong/],
    [bytes(2000), /x\.tar is no tar archive, or corrupt/],
  ] as const) {
    assert.throws(
      () => readTar(broken, 'x.tar'),
      (error: Error) => error instanceof DataError && expected.test(error.message),
    );
  }
});

test.run();
