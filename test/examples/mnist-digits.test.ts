import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDigits } from '../../examples/mnist/digits.ts';
import { DataError } from '../../src/errors.ts';
import { rejection, withFolder, withServer, writeTiny } from '../data/tiny-images.ts';

const test = suite('digits of the MNIST example');

/** What is written to stderr while `run` runs. */
async function heard(run: () => Promise<unknown>): Promise<string> {
  const write = process.stderr.write;
  let text = '';
  process.stderr.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await run();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

test('synthetic digits are generated without a word', async () => {
  const text = await heard(async () => {
    const digits = await loadDigits({ data: 'synthetic', seed: 1 });
    assert.equal([digits.train.count, digits.test.count], [12_000, 2_000]);
  });
  assert.is(text, '');
});

test('a folder asked for is used, and is an error where it lacks MNIST', () =>
  withFolder(async (folder) => {
    await writeTiny(folder);
    assert.is((await loadDigits({ data: folder, seed: 1 })).train.count, 3);
    const error = await rejection(loadDigits({ data: join(folder, 'nowhere'), seed: 1 }));
    assert.instance(error, DataError);
  }));

test('where MNIST cannot be had, that and the way to get it is said', () =>
  withFolder((folder) =>
    withServer(
      (_, response) => response.writeHead(404).end(),
      async (mirror) => {
        process.env.XDG_CACHE_HOME = folder;
        const text = await heard(async () => {
          const digits = await loadDigits({ data: undefined, seed: 4, mirrors: [mirror] });
          assert.is(digits.source, 'synthetic digits (seed 4)');
        });
        assert.match(text, /HTTP 404/);
        assert.match(text, /trains on 12000 generated digits.*--data DIR.*WGRAD_DATA=DIR/);
        assert.match(text, /train-images-idx3-ubyte\.gz.* and t10k-labels-idx1-ubyte\.gz/);
      },
    ),
  ));

test('stopping a download is no reason to train on something else', () =>
  withFolder(async (folder) => {
    process.env.XDG_CACHE_HOME = folder;
    const reason = new Error('stopped');
    const running = loadDigits({ data: undefined, seed: 1, signal: AbortSignal.abort(reason) });
    let error: Error | undefined;
    await heard(async () => {
      error = await rejection(running);
    });
    assert.is(error, reason);
  }));

test.run();
