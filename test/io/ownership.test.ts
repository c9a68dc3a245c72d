import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeDevice, DTypeError, device, io, nn } from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

// What is given to a call is what it was at the time of the call; what comes back is the caller's.

const test = suite('io: whose arrays are whose');

const folders: string[] = [];
const fileIn = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-ownership-'));
  folders.push(folder);
  return join(folder, 'weights.safetensors');
};
test.after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const weights = () =>
  new Map<string, io.HostTensor>([
    ['weight', { shape: [2, 1], dtype: 'f32', data: Float32Array.of(1, 2) }],
    ['bias', { shape: [1], dtype: 'f32', data: Float32Array.of(3) }],
  ]);
const valuesOf = (tensors: ReadonlyMap<string, io.HostTensor>) =>
  Object.fromEntries([...tensors].map(([name, { data }]) => [name, [...data]]));
const spoil = (tensors: ReadonlyMap<string, io.HostTensor>) => {
  for (const { data } of tensors.values()) data.fill(9);
};
const EXPECTED = { weight: [1, 2], bias: [3] };

test('weights that are overwritten while they are set', async () => {
  for (const isOpen of [true, false]) {
    const model = nn.dense(1).build([2]);
    if (isOpen) await device();
    else closeDevice();
    const given = weights();
    const setting = io.setWeights(model, given);
    spoil(given);
    await setting;
    assert.equal(valuesOf(await io.weightsOf(model)), EXPECTED, `device open: ${isOpen}`);
    spoil(await io.weightsOf(model));
    assert.equal(valuesOf(await io.weightsOf(model)), EXPECTED);
  }
});

test("PyTorch's, too", async () => {
  const model = nn.dense(1).build([2]);
  const given = weights().set('weight', {
    shape: [1, 2],
    dtype: 'f32',
    data: Float32Array.of(1, 2),
  });
  const setting = io.importPytorch(model, given);
  spoil(given);
  await setting;
  assert.equal(valuesOf(await io.weightsOf(model)), EXPECTED);
});

test('a file of tensors that are overwritten while it is written', async () => {
  const file = await fileIn();
  const given = weights();
  const writing = io.writeSafetensors(file, given);
  spoil(given);
  await writing;
  const { tensors } = await io.readSafetensors(file);
  assert.equal(valuesOf(tensors), EXPECTED);
});

test('bytes that are overwritten once they are decoded or encoded', async () => {
  const given = weights();
  const bytes = io.encodeSafetensors(given);
  spoil(given);
  for (const own of [bytes, Buffer.from(bytes), Buffer.concat([bytes]), bytes.slice()]) {
    const { tensors } = io.decodeSafetensors(own);
    own.fill(0);
    assert.equal(valuesOf(tensors), EXPECTED);
    bytes.set(io.encodeSafetensors(weights()));
  }
  const file = await fileIn();
  await io.writeSafetensors(file, weights());
  const contents = await readFile(file);
  const { tensors } = io.decodeSafetensors(contents);
  spoil(tensors);
  assert.equal(valuesOf(io.decodeSafetensors(contents).tensors), EXPECTED);
});

test('an array that is not that of its dtype is refused by the name of its variable', async () => {
  const model = nn.dense(1).build([2]);
  const before = valuesOf(await io.weightsOf(model));
  const given = weights().set('bias', {
    shape: [1],
    dtype: 'f32',
    data: new Float64Array(1) as unknown as Float32Array,
  });
  await rejects(() => io.setWeights(model, given), DTypeError, /bias.*Float64Array/);
  assert.equal(valuesOf(await io.weightsOf(model)), before);
});

test.run();
