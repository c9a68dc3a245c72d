import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunResult } from '../../examples/mnist/json-result.ts';
import { report } from '../../src/node.ts';
import { ScriptProcess } from './script-process.ts';

const test = suite('the MNIST example');

let runs = '';
test.before(async () => {
  runs = await mkdtemp(join(tmpdir(), 'wgrad-mnist-'));
});
test.after(() => rm(runs, { recursive: true }));

/** What a run says once it is over, without the driver's own warnings. */
async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const ended = await new ScriptProcess('examples/mnist/main.ts', args, environment).ended;
  return { ...ended, stderr: ended.stderr.replace(/^Warning: .*\n/gm, '').trim() };
}

// 1,010 images: the last batch has 18 of them.
const RECIPE = '--data synthetic --limit 1010 --epochs 16'.split(' ');
const weightsIn = (folder: string) => readFile(join(folder, 'weights.safetensors'));

/** The one run in a folder of runs. */
async function onlyRun(root: string): Promise<string> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((f) => f.isDirectory());
  assert.is(folders.length, 1);
  return join(root, folders[0]!.name);
}

/** The weights of a run of the recipe from its start to its end: the first test sets them. */
let uninterrupted: Buffer;

test('learns generated digits, says how well, and writes it all down', async () => {
  const root = join(runs, 'whole');
  const file = join(runs, 'result.json');
  const { code, stdout, stderr } = await run([...RECIPE, '--runs', root, '--json', file]);
  assert.is(code, 0, stderr);
  assert.match(stdout, /^Device: .+/);
  assert.match(stdout, /Total params: 15,866/);
  assert.match(stderr, /Epoch 16\/16 .*loss .*accuracy .*val loss .*val accuracy .*lr 0$/m);
  assert.match(stdout, /true \\ predicted/);
  assert.match(stdout, /macro F1 0\.\d{4}/);

  const folder = await onlyRun(root);
  assert.match(folder, /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-dnn$/);
  assert.match(stdout, `Report: ${join(folder, 'report.html')}`);
  assert.match(stdout, join(root, 'index.html'));
  uninterrupted = await weightsIn(folder);

  const result = JSON.parse(await readFile(file, 'utf8')) as RunResult;
  assert.is(result.folder, folder);
  assert.is(result.model, 'dnn');
  assert.is(result.parameters, 15_866);
  assert.equal(result.dataset, {
    source: 'synthetic digits (seed 0)',
    train: 1010,
    test: 2000,
  });
  assert.match(stdout, result.device);
  assert.is(result.epochs.length, 16);
  const [first, last] = [result.epochs[0]!, result.epochs[15]!];
  for (const field of ['trainLoss', 'testLoss'] as const) {
    assert.ok(last[field] < first[field], `${field}: ${first[field]}, then ${last[field]}`);
  }
  assert.ok(last.trainAccuracy > first.trainAccuracy);
  assert.ok(first.seconds > 0);
  assert.ok(Math.abs(result.testAccuracy - last.testAccuracy) < 1e-6);
  assert.ok(result.testAccuracy > 0.6, `test accuracy ${result.testAccuracy}`);
  assert.ok(Math.abs(result.macroF1 - result.testAccuracy) < 0.1);
});

test('a profile tells the kernels of a step and writes a trace, when all else is done', async () => {
  const root = join(runs, 'profiled');
  const trace = join(runs, 'trace.json');
  const args = '--data synthetic --limit 64 --epochs 1'.split(' ');
  const { code, stdout, stderr } = await run([...args, '--runs', root, '--profile', trace]);
  assert.is(code, 0, stderr);
  assert.match(stdout, /A training step on 32 images:\n\nkernel +shapes +calls +workgroups/);
  assert.match(stdout, /^adam /m);
  assert.match(stdout, /^\d+ dispatches/m);
  const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as { traceEvents: unknown[] };
  assert.ok(traceEvents.length > 5);
  assert.is((await report.readRun(await onlyRun(root))).status, 'finished');
});

test("a run's folder has settings, history, scores, pictures, events and a page", async () => {
  const root = join(runs, 'whole');
  const folder = await onlyRun(root);
  const { settings, history, metrics, samples, status, files, problems } =
    await report.readRun(folder);
  assert.equal(problems, []);
  assert.is(status, 'finished');
  assert.equal(
    [settings.model, settings.optimizer, settings.lr, settings.epochs, settings.images],
    ['dnn', 'adam', 0.002, 16, 1010],
  );
  assert.is(history.length, 16);
  assert.is(
    metrics.confusion!.flat().reduce((sum, count) => sum + count),
    2000,
  );
  assert.ok(samples.length >= 16);
  const names = files.map(({ path }) => path.replace(/tfevents.*/, 'tfevents'));
  for (const picture of ['loss', 'accuracy', 'confusion', 'roc', 'f1', 'samples']) {
    for (const ending of ['.svg', '-dark.svg']) {
      assert.ok(names.includes(`pictures/${picture}${ending}`), `${picture}${ending}`);
    }
  }
  assert.equal(
    names.filter((name) => !name.startsWith('pictures/')),
    [
      'checkpoint.safetensors',
      'events.out.tfevents',
      'history.csv',
      'history.json',
      'metrics.json',
      'report.html',
      'samples.json',
      'settings.json',
      'weights.safetensors',
    ],
  );
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  assert.match(page, 'finished');
  assert.is(page.match(/<img class="light"/g)!.length, 12); // for wide pages and for narrow ones
  assert.match(await readFile(join(root, 'index.html'), 'utf8'), 'report.html');
});

/** Starts the recipe, ends it once an epoch is over, and returns how it ended. */
async function endIn(epoch: number, signal: 'SIGINT' | 'SIGKILL', args: readonly string[]) {
  const mnist = new ScriptProcess('examples/mnist/main.ts', [...RECIPE, ...args]);
  await mnist.says(new RegExp(`Epoch ${epoch}/`));
  mnist.child.kill(signal);
  if (signal === 'SIGINT') mnist.child.kill(signal); // npm doubles it
  return mnist.ended;
}

test('interrupted, then killed, it goes on each time and ends with the same weights', async () => {
  const root = join(runs, 'ended');
  const interrupted = await endIn(2, 'SIGINT', ['--runs', root]);
  assert.equal([interrupted.code, interrupted.signal], [130, null], interrupted.stderr);
  assert.not.match(interrupted.stderr, /^ {4}at /m);
  const folder = await onlyRun(root);
  assert.match(interrupted.stdout, /Interrupted\. Test accuracy 0\.\d{4} after epoch \d+\./);
  assert.match(interrupted.stdout, `The same command with --resume ${folder} goes on.`);
  const { status, history } = await report.readRun(folder);
  assert.is(status, 'interrupted');
  assert.ok(history.length >= 2 && history.length < 16);
  assert.match(await readFile(join(folder, 'report.html'), 'utf8'), 'interrupted');

  const killed = await endIn(history.length + 2, 'SIGKILL', ['--resume', folder]);
  assert.is(killed.signal, 'SIGKILL');
  assert.not.match(killed.stderr, /Epoch 1\//);
  // Its last word is 'running', but its process is gone.
  assert.is((await report.readRun(folder)).status, 'interrupted');

  const { code, stderr } = await run([...RECIPE, '--resume', folder]);
  assert.is(code, 0, stderr);
  assert.not.match(stderr, new RegExp(`Epoch ${history.length + 1}/`));
  assert.equal(await weightsIn(folder), uninterrupted);
  const ended = await report.readRun(folder);
  assert.is(ended.status, 'finished');
  assert.equal(
    ended.history.map(({ epoch }) => epoch),
    Array.from({ length: 16 }, (_, i) => i + 1),
  );
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} ends it as Ctrl-C does: with a checkpoint, and with a code of its own`, async () => {
    const root = join(runs, signal);
    const mnist = new ScriptProcess('examples/mnist/main.ts', [...RECIPE, '--runs', root]);
    await mnist.says(/Epoch 2\//);
    mnist.child.kill(signal);
    const ended = await mnist.ended;
    assert.equal([ended.code, ended.signal], [code, null], ended.stderr);
    const { status, files } = await report.readRun(await onlyRun(root));
    assert.is(status, 'interrupted');
    assert.ok(files.some(({ path }) => path === 'checkpoint.safetensors'));
  });
}

test('where nobody reads on it ends with a checkpoint and says nothing of it', async () => {
  const root = join(runs, 'unread');
  const args = [...RECIPE, '--epochs', '500', '--runs', root];
  const mnist = new ScriptProcess('examples/mnist/main.ts', args);
  await mnist.says(/Epoch 2\//);
  mnist.child.stderr?.destroy();
  mnist.child.stdout?.destroy();
  assert.is((await mnist.ended).code, 141);
  const { status, files } = await report.readRun(await onlyRun(root));
  assert.is(status, 'interrupted');
  assert.ok(files.some(({ path }) => path === 'checkpoint.safetensors'));
});

const nowhere = '/nonexistent/driver.json';
const noAdapter = { VK_ICD_FILENAMES: nowhere, VK_DRIVER_FILES: nowhere };

test('without an adapter it trains on the CPU and says so', async () => {
  const args = ['--data', 'synthetic', '--limit', '640', '--epochs', '1', '--device', 'auto'];
  args.push('--runs', join(runs, 'cpu'));
  const { code, stdout } = await run(args, { ...noAdapter, WGRAD_DEVICE: '' });
  assert.is(code, 0);
  assert.match(stdout, /^Device: no GPU adapter, so the CPU: \d+ threads?, WebAssembly SIMD/);
});

test('without an adapter, one paragraph says how to get one where WebGPU is asked for', async () => {
  const args = ['--data', 'synthetic', '--device', 'webgpu', '--runs', join(runs, 'none')];
  const { code, stdout, stderr } = await run(args, noAdapter);
  assert.is(code, 1);
  assert.is(stdout, '');
  // Dawn's own warnings come before, about each driver it could not use.
  const paragraphs = stderr.split('\n\n');
  assert.match(paragraphs.at(-1)!, /^No WebGPU adapter was found\..*setup-vulkan\.sh.*$/);
  assert.not.match(stderr, /\.ts:\d+/);
});

test('data that is not there is an error in words, and leaves no folder', async () => {
  const { code, stderr } = await run(['--data', '/nonexistent', '--runs', join(runs, 'none')]);
  assert.is(code, 1);
  assert.match(stderr, /^\/nonexistent does not hold MNIST.*$/);
  assert.not.ok((await readdir(runs)).includes('none'));
});

test('a value that makes no sense ends it at once', async () => {
  const { code, stdout, stderr } = await run(['--epochs', 'many']);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, /^error: option '--epochs <n>' argument 'many' is invalid\. .*$/);
});

test.run();
