import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileError } from '../../src/errors.ts';
import { writeAtomically } from '../../src/files/atomic-file.ts';

const test = suite('files: atomic file');

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-files-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('writes text and pieces, into folders that are not there yet', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'a', 'b', 'c.txt');
    await writeAtomically(file, 'naïve');
    assert.is(await readFile(file, 'utf8'), 'naïve');
    await writeAtomically(file, [Uint8Array.of(65, 66), new Uint8Array(), Uint8Array.of(67)]);
    assert.is(await readFile(file, 'utf8'), 'ABC');
    assert.equal(await readdir(join(folder, 'a', 'b')), ['c.txt']);
  }));

test('a write that fails half way leaves the old contents and no other file', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'kept');
    await writeAtomically(file, 'old');
    const broken = (function* () {
      yield Uint8Array.of(1, 2, 3);
      throw new Error('no more');
    })();
    try {
      await writeAtomically(file, broken);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, FileError);
      assert.match((error as Error).message, /kept cannot be written: no more\. Make room/);
    }
    assert.is(await readFile(file, 'utf8'), 'old');
    assert.equal(await readdir(folder), ['kept']);
  }));

test('a folder in the way is named', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'taken');
    await mkdir(join(file, 'inside'), { recursive: true });
    try {
      await writeAtomically(file, 'x');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, FileError);
    }
    assert.equal(await readdir(folder), ['taken']);
  }));

test('what a killed program left of the file goes, and what a running one writes stays', () =>
  withFolder(async (folder) => {
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const names = {
      left: `model.${gone}-0123abcd.part`,
      written: `model.${process.pid}-0123abcd.part`,
      another: `model2.${gone}-0123abcd.part`,
      users: 'model.notes.part',
    };
    for (const name of Object.values(names)) await writeFile(join(folder, name), 'half');
    await writeAtomically(join(folder, 'model'), 'whole');
    const { left, ...others } = names;
    assert.equal((await readdir(folder)).sort(), ['model', ...Object.values(others)].sort());
  }));

test.run();
