import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunResult } from '../../examples/mnist/result.ts';
import { MnistProcess } from './mnist-process.ts';

const test = suite('the MNIST example');

/** What a run says once it is over, without the driver's own warnings. */
async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const ended = await new MnistProcess(args, environment).ended;
  return { ...ended, stderr: ended.stderr.replace(/^Warning: .*\n/gm, '').trim() };
}

test('learns generated digits, says how well, and writes it down', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-mnist-'));
  try {
    const file = join(folder, 'result.json');
    // 1,010 images: the last batch has 18 of them.
    const args = ['--data', 'synthetic', '--limit', '1010', '--epochs', '4', '--json', file];
    const { code, stdout, stderr } = await run(args);
    assert.is(code, 0, stderr);
    assert.match(stdout, /^Device: .+/);
    assert.match(stdout, /Total params: 15,866/);
    assert.match(stdout, /Epoch 4\/4 .*training loss .*test loss .*accuracy/);
    assert.match(stdout, /true \\ predicted/);
    assert.match(stdout, /macro F1 0\.\d{4}/);

    assert.equal(await readdir(folder), ['result.json']);
    const result = JSON.parse(await readFile(file, 'utf8')) as RunResult;
    assert.is(result.model, 'dnn');
    assert.is(result.parameters, 15_866);
    assert.equal(result.dataset, {
      source: 'synthetic digits (seed 0)',
      train: 1010,
      test: 2000,
    });
    assert.match(stdout, result.device);
    assert.is(result.epochs.length, 4);
    const [first, last] = [result.epochs[0]!, result.epochs[3]!];
    for (const field of ['trainLoss', 'testLoss'] as const) {
      assert.ok(last[field] < first[field], `${field}: ${first[field]}, then ${last[field]}`);
    }
    assert.ok(last.trainAccuracy > first.trainAccuracy);
    assert.ok(first.seconds > 0);
    assert.is(result.testAccuracy, last.testAccuracy);
    assert.ok(result.testAccuracy > 0.6, `test accuracy ${result.testAccuracy}`);
    assert.ok(Math.abs(result.macroF1 - result.testAccuracy) < 0.1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('Ctrl-C ends it after the step at hand, with what was reached', async () => {
  const process = new MnistProcess(['--data', 'synthetic', '--limit', '640', '--epochs', '100000']);
  await process.says(/Epoch 2\//);
  process.interrupt();
  process.interrupt(); // npm doubles it
  const { code, signal, stdout, stderr } = await process.ended;
  assert.is(signal, null);
  assert.is(code, 130, stderr);
  assert.match(stdout, /Test accuracy 0\.\d+, macro F1/);
  assert.not.match(stderr, /^ {4}at /m);
});

const nowhere = '/nonexistent/driver.json';
const noAdapter = { VK_ICD_FILENAMES: nowhere, VK_DRIVER_FILES: nowhere };

test('without an adapter it trains on the CPU and says so', async () => {
  const args = ['--data', 'synthetic', '--limit', '640', '--epochs', '1', '--device', 'auto'];
  const { code, stdout } = await run(args, { ...noAdapter, WGRAD_DEVICE: '' });
  assert.is(code, 0);
  assert.match(stdout, /^Device: no GPU adapter, so the CPU: \d+ threads?, WebAssembly SIMD/);
});

test('without an adapter, one paragraph says how to get one where WebGPU is asked for', async () => {
  const args = ['--data', 'synthetic', '--device', 'webgpu'];
  const { code, stdout, stderr } = await run(args, noAdapter);
  assert.is(code, 1);
  assert.is(stdout, '');
  // Dawn's own warnings come before, about each driver it could not use.
  const paragraphs = stderr.split('\n\n');
  assert.match(paragraphs.at(-1)!, /^No WebGPU adapter was found\..*setup-vulkan\.sh.*$/);
  assert.not.match(stderr, /\.ts:\d+/);
});

test('data that is not there is an error in words', async () => {
  const { code, stderr } = await run(['--data', '/nonexistent']);
  assert.is(code, 1);
  assert.match(stderr, /^\/nonexistent does not hold MNIST.*$/);
});

test('a value that makes no sense ends it at once', async () => {
  const { code, stdout, stderr } = await run(['--epochs', 'many']);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, /^error: option '--epochs <n>' argument 'many' is invalid\. .*$/);
});

test.run();
