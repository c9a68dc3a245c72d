// Models that PyTorch wrote, with what it computes: pytorch/write-models.py.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { adam } from '../../../src/optim/index.ts';
import '../../../src/tensor/methods.ts';
import '../../../src/autograd/backward.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { close } from './numbers.ts';
import { type RuntimeTensor, runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX models of PyTorch');

const FOLDER = new URL('pytorch/', import.meta.url);
const names = readdirSync(FOLDER).flatMap((file) =>
  file.endsWith('.onnx') ? file.replace('.onnx', '') : [],
);

interface Described {
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly isWhole: boolean }>
  >;
  readonly outputs: readonly {
    readonly shape: readonly number[];
    readonly data: readonly number[];
  }[];
}

async function described(name: string): Promise<Described> {
  return JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** The lengths of the sequences in `recurrent`, which no formula gives. */
const LENGTHS = [5, 4, 2];

/** The inputs that PyTorch was given. */
function inputsOf({ inputs }: Described): Record<string, RuntimeTensor> {
  const entries = Object.entries(inputs).map(([name, { shape, isWhole }]) => {
    const { length } = { length: shape.reduce((a, b) => a * b) };
    const whole = (i: number) => (name === 'lengths' ? (LENGTHS[i] ?? 0) : (i * 7) % 20);
    const value: RuntimeTensor = isWhole
      ? { shape, dtype: 'i64', data: Int32Array.from({ length }, (_, i) => whole(i)) }
      : {
          shape,
          dtype: 'f32',
          data: Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898)),
        };
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

function tensorsOf(inputs: Readonly<Record<string, RuntimeTensor>>) {
  const entries = Object.entries(inputs).map(
    ([name, { data, shape }]) => [name, tensor(data, shape)] as const,
  );
  return Object.fromEntries(entries);
}

test('there are models', () => assert.ok(names.length >= 5));

for (const name of names) {
  test(`${name} computes what it does in PyTorch`, async () => {
    const expected = await described(name);
    const model = await onnx.load(new URL(`${name}.onnx`, FOLDER).pathname);
    const own = model.run(tensorsOf(inputsOf(expected)));
    for (const [i, { shape, data }] of expected.outputs.entries()) {
      const output = own[`output_${i}`];
      assert.equal(output?.shape, shape);
      close((await output?.data()) ?? [], data, `output ${i}`, 1e-4);
    }
  });

  test(`${name} trains further, and goes out again`, async () => {
    const inputs = inputsOf(await described(name));
    const given = tensorsOf(inputs);
    const model = await onnx.load(new URL(`${name}.onnx`, FOLDER).pathname);
    const loss = () => model.run(given).output_0!.sub(0.2).square().mean();
    const before = await loss().item();
    const optimizer = adam(model.trainableVariables, { lr: 0.01 });
    for (let step = 0; step < 5; step++) await optimizer.step(loss());
    assert.ok((await loss().item()) < before);
    const specs = Object.entries(given).map(
      ([key, { shape, dtype }]) => [key, { shape, dtype }] as const,
    );
    const bytes = await onnx.encode((x) => model.run(x), Object.fromEntries(specs), {
      variables: model.namedVariables(),
    });
    const found = await runElsewhere(
      bytes,
      Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [
          key,
          value.dtype === 'i64' ? { ...value, dtype: 'i32' } : value,
        ]),
      ),
    );
    for (const [key, output] of Object.entries(model.run(given))) {
      assert.equal(found[key]?.shape, output.shape);
      close(found[key]?.data ?? [], await output.data(), key, 1e-4);
    }
  });
}

test.run();
