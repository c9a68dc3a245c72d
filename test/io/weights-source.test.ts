import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CheckpointError, io, nn, random } from '../../src/index.ts';
import { rejection, withServer } from '../data/tiny-images.ts';

const test = suite('weights by address, Blob and bytes');

function model(seed: number) {
  random.seed(seed);
  return nn.sequential([nn.dense(3), nn.dense(2)]).build([4]);
}
const kernelOf = async (of: ReturnType<typeof model>) => [...(await of.variables[0]!.data())];

test('a model gets its weights from each', async () => {
  const first = model(1);
  const bytes = io.encodeSafetensors(await io.weightsOf(first));
  await withServer(
    (_, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
    async (address) => {
      for (const source of [new URL(address), new Blob([new Uint8Array(bytes)]), bytes]) {
        const seen: number[] = [];
        const second = model(2);
        assert.not.equal(await kernelOf(second), await kernelOf(first));
        const onProgress = (count: number) => seen.push(count);
        await io.loadWeights(source, second, { onProgress });
        assert.equal(await kernelOf(second), await kernelOf(first));
        if (source !== bytes) assert.is(seen.at(-1), bytes.length);
        assert.is((await io.readSafetensors(source)).tensors.size, 4);
      }
    },
  );
});

test('what cannot be had or is no such file names the source', () =>
  withServer(
    (_, response) => response.writeHead(403).end(),
    async (address) => {
      for (const [source, message] of [
        [
          new URL('w.safetensors', address),
          /w\.safetensors cannot be read: the server answered 403/,
        ],
        [new Blob(['too short']), /^The Blob /],
      ] as const) {
        const error = await rejection(io.loadWeights(source, model(1)));
        assert.instance(error, CheckpointError);
        assert.match(error.message, message);
      }
    },
  ));

test('a store of bytes is for browsers, and says so', async () => {
  const error = await rejection(io.openStore());
  assert.match(error.message, /openStore: there is no IndexedDB here.*saveWeights/);
});

test.run();
