import { execFileSync } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CheckpointError, FileError } from '../../src/errors.ts';
import * as io from '../../src/io/index.ts';
import { zeros } from '../../src/tensor/ops/creation.ts';
import { Variable } from '../../src/tensor/variable.ts';
import { rejection, withFolder } from '../data/tiny-images.ts';
import { bytesOf, fileOf } from './safetensors-bytes.ts';

const test = suite('safetensors files');

const tensors = new Map<string, io.HostTensor>([
  ['flags', { shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) }],
  ['weight', { shape: [2, 2], dtype: 'f32', data: Float32Array.of(1, Number.NaN, -0, 1e-45) }],
  ['nothing', { shape: [0, 7], dtype: 'i32', data: new Int32Array(0) }],
  ['scalar', { shape: [], dtype: 'u32', data: Uint32Array.of(4294967295) }],
]);

test('a file is read as it was written, and the folder made for it', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'runs', 'first', 'model.safetensors');
    await io.writeSafetensors(file, tensors, { epoch: '3' });
    const read = await io.readSafetensors(file);
    assert.equal(read.metadata, { epoch: '3' });
    assert.is(read.tensors.size, tensors.size);
    for (const [name, { shape, dtype, data }] of tensors) {
      const back = read.tensors.get(name)!;
      assert.equal([back.shape, back.dtype, bytesOf(back.data)], [shape, dtype, bytesOf(data)]);
    }
    const bytes = await readFile(file);
    assert.equal(bytesOf(bytes), bytesOf(io.encodeSafetensors(tensors, { epoch: '3' })));
    assert.equal(await readdir(join(folder, 'runs', 'first')), ['model.safetensors']);
  });
});

test('a failed write leaves what was there, and nothing else', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'model.safetensors');
    await io.writeSafetensors(file, tensors);
    const before = await readFile(file);
    const wrong = new Map([['w', { shape: [9], dtype: 'f32', data: Float32Array.of(1) } as const]]);
    await rejection(io.writeSafetensors(file, wrong));
    assert.equal(await readFile(file), before);
    // A folder cannot be replaced by a file: the rename is what fails.
    const error = await rejection(io.writeSafetensors(folder, tensors));
    assert.instance(error, FileError);
    assert.ok(error.message.startsWith(`${folder} cannot be written`), error.message);
    const below = await rejection(io.writeSafetensors(join(file, 'x.safetensors'), tensors));
    assert.instance(below, FileError);
    assert.equal(await readdir(folder), ['model.safetensors']);
  });
});

test('a file that cannot be read is named, with the cause', async () => {
  const missing = await rejection(io.readSafetensors('/no/such/file'));
  assert.instance(missing, CheckpointError);
  assert.match(missing.message, /^\/no\/such\/file cannot be read: ENOENT/);
  await withFolder(async (folder) => {
    assert.instance(await rejection(io.readSafetensors(folder)), CheckpointError);
  });
});

const unlessWindows = process.platform === 'win32' ? test.skip : test;

unlessWindows('a pipe is refused, and never waited for', () =>
  withFolder(async (folder) => {
    const pipe = join(folder, 'model.safetensors');
    execFileSync('mkfifo', [pipe]);
    const error = await rejection(io.readSafetensors(pipe));
    assert.instance(error, CheckpointError);
    assert.match(error.message, `${pipe} cannot be read: it is a pipe or device, no file`);
  }),
);

test('a tensor that cannot be read is an error where it is needed', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'model.safetensors');
    const entry = (dtype: string, start: number, end: number) => ({
      ...{ dtype, shape: [1], data_offsets: [start, end] },
    });
    const header = { w: entry('F32', 0, 4), c: entry('C64', 4, 12) };
    await writeFile(file, fileOf(header, [0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0]));
    const { tensors, unreadable } = await io.readSafetensors(file);
    assert.equal([...tensors.keys(), ...unreadable.keys()], ['w', 'c']);
    const model = (name: string) => new Map([[name, new Variable(zeros([1]), { name })]]);
    const strict = await rejection(io.loadWeights(file, model('w')));
    assert.match(strict.message, `${file}: tensor 'c' has dtype C64`);
    const needed = await rejection(io.loadWeights(file, model('c'), { strict: false }));
    assert.match(needed.message, `${file}: tensor 'c' has dtype C64`);
    const loaded = model('w');
    await io.loadWeights(file, loaded, { strict: false });
    assert.equal([...(await loaded.get('w')!.data())], [1]);
  }));

test('a sparse file of more than memory is an error of that tensor', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'model.safetensors');
    const size = 2 ** 43;
    const header = {
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      big: { dtype: 'U8', shape: [size], data_offsets: [4, 4 + size] },
    };
    const start = fileOf(header, [0, 0, 0x80, 0x3f]);
    await writeFile(file, start);
    try {
      await truncate(file, start.length + size);
    } catch {
      return; // not every file system has such files
    }
    const { tensors, unreadable } = await io.readSafetensors(file);
    assert.equal([...tensors.get('w')!.data], [1]);
    assert.match(unreadable.get('big')!.message, /takes 8796093022208 bytes, .* not enough memory/);
  }));

test('every cut is told by name', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'model.safetensors');
    const whole = io.encodeSafetensors(tensors);
    await writeFile(file, whole);
    for (let length = whole.length - 1; length >= 0; length -= 7) {
      await truncate(file, length);
      const error = await rejection(io.readSafetensors(file));
      assert.instance(error, CheckpointError);
      assert.match(error.message, 'truncated');
      assert.ok(error.message.startsWith(file), error.message);
    }
  });
});

test.run();
