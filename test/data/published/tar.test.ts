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

/** An archive whose first file says another size; its checksum goes with it. */
function withSize(archive: Uint8Array, size: string): Uint8Array {
  const changed = Buffer.from(archive);
  changed.fill(0, 124, 136).write(size, 124);
  changed.fill(0x20, 148, 156);
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0`, 148);
  return changed;
}

test('what is cut short, changed or something else is refused by name', () => {
  const whole = encodeTar({ one: bytes(600) });
  const changed = Uint8Array.from(whole);
  changed[0]! ^= 1;
  for (const [broken, expected] of [
    [whole.subarray(0, 700), /x\.tar is truncated: one should have 600 bytes, found 188/],
    [whole.subarray(0, 100), /x\.tar is truncated: no end after 100 bytes/],
    [whole.subarray(0, 1536), /x\.tar is truncated: no end after 1536 bytes/],
    [changed, /checksum of the header at byte 0 is wrong/],
    [withSize(whole, '-0000000001'), /one should have NaN bytes/],
    [withSize(whole, '0000001000x'), /one should have NaN bytes/],
    [withSize(whole, '77777777777'), /one should have 8589934591 bytes/],
    [withSize(whole, ''), /one should have NaN bytes/],
    [bytes(2000), /x\.tar is no tar archive, or corrupt/],
  ] as const) {
    assert.throws(
      () => readTar(broken, 'x.tar'),
      (error: Error) => error instanceof DataError && expected.test(error.message),
    );
  }
});

test.run();
