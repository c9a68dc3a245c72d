// What is no file's name, no bytes and no tensors, given to what reads and writes files.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { data, io, nn, WgradError } from '../../src/index.ts';
import { csv, imageFolder } from '../../src/node.ts';
import { rejection } from '../data/tiny-images.ts';

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

test('metadata that are none', () => {
  for (const metadata of [null, 5, 'made here', { epoch: 3 }]) {
    const write = () => io.encodeSafetensors(new Map(), metadata as never);
    assert.throws(write, (error: unknown) => error instanceof WgradError);
  }
});

test.run();
