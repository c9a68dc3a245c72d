import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DataError } from '../../../src/errors.ts';
import { EventFile } from '../../../src/io/tensorboard/event-file.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';

const test = suite('event file');

const bytes = (text: string) => new TextEncoder().encode(text);

test('a record that could not be made is left out and told, the others are there', async () => {
  await withFolder(async (folder) => {
    const file = await EventFile.create(join(folder, 'events'));
    const fault = new Error('no picture');
    file.append(bytes('a'));
    file.append(Promise.reject(fault));
    file.append(bytes('b'));
    assert.is(await rejection(file.flush()), fault);
    file.append(bytes('c'));
    assert.is(await rejection(file.close()), fault);
    assert.is(await readFile(file.path, 'utf8'), 'abc');
  });
});

test('when a write fails the file is named, and nothing goes behind what may be half a record', async () => {
  await withFolder(async (folder) => {
    const file = await EventFile.create(join(folder, 'events'));
    const handle = Reflect.get(file, 'handle');
    const appendFile = handle.appendFile.bind(handle);
    const noSpace = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    handle.appendFile = async () => {
      await appendFile('ha');
      throw noSpace;
    };
    file.append(bytes('half'));
    const error = await rejection(file.flush());
    assert.instance(error, DataError);
    assert.match(error.message, `${file.path} cannot be written: ENOSPC`);
    assert.is(error.cause, noSpace);
    handle.appendFile = appendFile;
    file.append(bytes('next'));
    assert.is(await rejection(file.close()), error);
    assert.is(await readFile(file.path, 'utf8'), 'ha');
  });
});

test('a name that is taken gets a number behind it, which sorts behind', async () => {
  await withFolder(async (folder) => {
    const files = await Promise.all([1, 2, 3].map(() => EventFile.create(join(folder, 'e'))));
    await Promise.all(files.map((file) => file.close()));
    const paths = files.map(({ path }) => path).sort();
    assert.equal(
      paths,
      ['e', 'e.1', 'e.2'].map((name) => join(folder, name)),
    );
  });
});

test.run();
