import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileError } from '../../src/errors.ts';
import { writeAtomically } from '../../src/files/atomic-file.ts';
import { ownMark } from '../../src/files/process-mark.ts';

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
    const [place, pid, start] = (await ownMark()).split('-');
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const mark = (itsPlace = place, itsPid: unknown = pid, itsStart: unknown = start) =>
      `${itsPlace}-${itsPid}-${itsStart}-0123abcd`;
    const names = {
      left: `model.${mark(place, gone)}.part`,
      // Numbers of processes are given again.
      leftByNamesake: `model.${mark(place, pid, Number(start) + 1)}.part`,
      leftElsewhere: `model.${mark('00000000')}.part`,
      leftByOlderVersion: `model.${gone}-0123abcd.part`,
      written: `model.${mark()}.part`,
      // Of another container, in which the process has the number of one that is gone here.
      writtenElsewhere: `model.${mark('00000000', gone)}.part`,
      writtenByOlderVersion: `model.${pid}-0123abcd.part`,
      another: `model2.${mark(place, gone)}.part`,
      users: 'model.notes.part',
    };
    for (const name of Object.values(names)) await writeFile(join(folder, name), 'half');
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    const old = [names.leftElsewhere, names.leftByOlderVersion, names.written, names.users];
    for (const name of old) {
      await utimes(join(folder, name), hoursAgo, hoursAgo);
    }
    await writeAtomically(join(folder, 'model'), 'whole');
    const { left, leftByNamesake, leftElsewhere, leftByOlderVersion, ...others } = names;
    assert.equal((await readdir(folder)).sort(), ['model', ...Object.values(others)].sort());
  }));

test.run();
