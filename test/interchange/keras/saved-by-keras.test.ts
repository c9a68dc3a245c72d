// Files that Keras itself wrote, by saved/write.py, and what it predicted.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as keras from '../../../src/interchange/keras/index.ts';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import type { Tensors } from '../../../src/tensor/structure.ts';
import { valuesOf } from '../../../src/tensor/structure.ts';

const test = suite('files of Keras');
const read = (name: string) => readFile(join(import.meta.dirname, 'saved', name));
const unpacked = async (name: string) => gunzipSync(await read(name));
const predictions: Record<string, number[][]> = JSON.parse(
  (await unpacked('predictions.json.gz')).toString(),
);

/** The same numbers as in the script that wrote the files. */
const numbers = (shape: number[], seed: number) => {
  const length = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length }, (_, i) => 2 * Math.sin(7.3 * (i + 1) + seed));
  return tensor(values, [1, ...shape]);
};
const words = tensor([[0, 1, 2]], { dtype: 'i32' });

const files: Record<string, { bytes: Promise<Uint8Array>; inputs: Tensors }> = {
  'every-layer.keras': {
    bytes: read('every-layer.keras'),
    inputs: [...[[4], [5, 3], [4, 5, 2], [3, 2, 4, 2]].map(numbers), words],
  },
  'sequences.h5': { bytes: unpacked('sequences.h5.gz'), inputs: numbers([5, 3], 0) },
};

for (const [name, { bytes, inputs }] of Object.entries(files)) {
  test(`${name} computes what it did there`, async () => {
    const model = await keras.decode<Tensors, Tensors>(await bytes);
    const outputs = valuesOf(model.forward(inputs));
    const expected = predictions[name] ?? [];
    assert.is(outputs.length, expected.length);
    for (const [i, wanted] of expected.entries()) {
      const found = [...(await outputs[i]!.data())].map(Number);
      const isClose = wanted.every(
        (want, k) => Math.abs(found[k]! - want) <= 1e-5 * Math.max(1, Math.abs(want)),
      );
      assert.is(found.length, wanted.length);
      assert.ok(isClose, `output ${i} is ${found}, expected ${wanted}`);
    }
  });
}

test.run();
