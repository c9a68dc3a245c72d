// What is no file's name, no bytes and no tensors, given to what reads and writes files.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { data, io, nn, WgradError } from '../../src/index.ts';
import { csv, imageFolder } from '../../src/node.ts';
import { rejection, withFolder } from '../data/tiny-images.ts';

const test = suite('mistakes with files');

const model = nn.sequential([nn.dense(1)]).build([1]);
const size = { height: 1, width: 1 };
const here = import.meta.dirname;

// As a program without types could call them.
const calls: Record<string, (value: never) => unknown> = {
  decodeSafetensors: (value) => io.decodeSafetensors(value),
  encodeSafetensors: (value) => io.encodeSafetensors(value),
  'encodeSafetensors of': (value) => io.encodeSafetensors(new Map([['w', value]])),
  readSafetensors: (value) => io.readSafetensors(value),
  setWeights: (value) => io.setWeights(model, value),
  importPytorch: (value) => io.importPytorch(model, value),
  loadWeights: (value) => io.loadWeights(value, model),
  readIdx: (value) => data.readIdx(value, 'file'),
  readIdxFile: (value) => data.readIdxFile(value),
  csv: (value) => csv(value, { inputs: ['x'], target: 'y' }),
  'csv with': (value) => csv('table.csv', value),
  'csv with inputs': (value) => csv('table.csv', { inputs: value, target: 'y' }),
  imageFolder: (value) => imageFolder(value, size),
  'imageFolder with': (value) => imageFolder(here, value),
  'loadMnist of': (value) => data.loadMnist({ data: value }),
  'loadMnist from': (value) => data.loadMnist({ cacheDir: '/nowhere', mirrors: value }),
};
const values = { null: null, 'a number': 5, 'a text': 'nowhere', 'an object': {}, 'a list': [5] };

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: a typed error, whatever it is given`, async () => {
    for (const [what, value] of Object.entries({ ...values, bytes: new ArrayBuffer(8) })) {
      if (name === 'loadMnist from' && value === null) continue; // as if it were left out
      const error = await rejection((async () => call(value as never))());
      assert.ok(error instanceof WgradError, `${what}: ${error.stack}`);
    }
  });
}

const formats = {
  'a NumPy array': '\x93NUMPY\x01\x00',
  'a zip file, such as .npz': 'PK\x03\x04\x14\x00\x00\x00',
  'an HDF5 file': '\x89HDF\r\n\x1a\n',
  'a Python pickle': '\x80\x04\x95\xff\xff\xff\xff\xff',
  'a Parquet file': 'PAR1\x15\x04\x15\x10',
  'a gzip-compressed file': '\x1f\x8b\x08\x00\x00\x00\x00\x00',
  'a picture': '\x89PNG\r\n\x1a\n',
  'a page of the web': '<!DOCTYPE html>',
};

for (const [format, start] of Object.entries(formats)) {
  test(`${format} is called that by what reads tables, weights and idx`, () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      const bytes = Buffer.from(start.padEnd(64, '\0'), 'latin1');
      await writeFile(file, bytes);
      const table = await rejection(csv(file, { inputs: ['x'], target: 'y' }));
      assert.match(table.message, `${file} is ${format}`);
      assert.match(table.message, 'numpy.savetxt');
      const weights = await rejection(io.loadWeights(file, model));
      assert.match(weights.message, `${file} is ${format}`);
      assert.match(weights.message, 'save_file');
      assert.throws(
        () => data.readIdx(bytes, 'file'),
        (error: Error) => error.message.startsWith(`file is not an idx file but ${format}`),
      );
    }));
}

test('metadata that are none', () => {
  for (const metadata of [null, 5, 'made here', { epoch: 3 }]) {
    const write = () => io.encodeSafetensors(new Map(), metadata as never);
    assert.throws(write, (error: unknown) => error instanceof WgradError);
  }
});

test.run();
