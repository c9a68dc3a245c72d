// Some damaged files for each reader, the same ones each time; `npm run test:soak` has many more.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cifar } from './fuzz/cifar.ts';
import { csv } from './fuzz/csv.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { gzip } from './fuzz/gzip.ts';
import { idx } from './fuzz/idx.ts';
import { pictures } from './fuzz/pictures.ts';
import { runs } from './fuzz/runs.ts';
import { safetensors } from './fuzz/safetensors.ts';
import { tar } from './fuzz/tar.ts';
import { trainingState } from './fuzz/training-state.ts';

const test = suite('damaged files');

for (const reader of [safetensors, idx, gzip, csv, cifar, tar, pictures, trainingState, runs]) {
  test(`${reader.name}: a value or an error that says what is wrong`, async () => {
    const { failures, values } = await fuzz(reader, 300, 1);
    assert.equal(failures, []);
    assert.ok(values > 0);
  });
}

test.run();
