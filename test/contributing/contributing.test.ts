// CONTRIBUTING.md lists the files to touch for each kind of addition: those are there, and with just
// those an op and an optimizer are added to a copy of the checkout, whose own tests then try them.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyOfCheckout, root } from '../checkout-copy.ts';
import { applyChange, readWorkedExample } from './worked-example.ts';

const test = suite('CONTRIBUTING.md');
const run = promisify(execFile);

/** The most files that each kind of addition may touch. */
const most: Readonly<Record<string, number>> = {
  'an elementwise op': 4,
  'an op with a kernel': 6,
  'a layer': 4,
  'an optimizer': 5,
  'a callback': 4,
  'a data set': 4,
};

/** The files of the numbered list under "Add …", such as `src/nn/layers/<name>.ts`. */
async function filesToTouch(what: string): Promise<string[]> {
  const page = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, section = ''] = page.split(`\n## Add ${what}\n`);
  const [list = ''] = section.split('\n## ');
  return [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = '']) => path);
}

for (const [what, limit] of Object.entries(most)) {
  test(`the files to touch for ${what} are few, and where the page says`, async () => {
    const files = await filesToTouch(what);
    assert.ok(files.length > 0, 'no numbered list of files');
    assert.ok(files.length <= limit, `${files.length} files`);
    for (const file of files) {
      const known = file.replace(/\/[^/]*<name>.*$/, '').replaceAll('<family>', 'softmax');
      assert.ok(existsSync(join(root, known)), `there is no ${known}`);
    }
  });
}

/** Adds the files of a page to a copy; what a program that uses them prints, once they are tested. */
async function add(
  what: string,
  name: string,
  { page, tests, program }: { page: string; tests: string[]; program: string },
): Promise<string> {
  const changes = await readWorkedExample(page);
  const listed = (await filesToTouch(what)).map((file) => file.replaceAll('<name>', name));
  assert.equal(changes.map(({ path }) => path).sort(), listed.sort());

  const folder = await mkdtemp(join(tmpdir(), 'contributing-'));
  try {
    const checkout = join(folder, 'checkout');
    await copyOfCheckout(checkout);
    for (const change of changes) await applyChange(checkout, change);
    await writeFile(join(checkout, 'examples/added.ts'), program);
    await command(checkout, 'node_modules/typescript/bin/tsc');
    await command(checkout, 'scripts/test.mjs', ...tests, '--device', 'wasm');
    const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
    return await command(checkout, ...loaders, 'examples/added.ts');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a script of a checkout; what it printed is in the error if it fails. */
async function command(cwd: string, ...args: string[]): Promise<string> {
  try {
    return (await run(process.execPath, args, { cwd, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    throw new Error(`${args.join(' ')} failed:\n${(error as { stdout?: string }).stdout ?? error}`);
  }
}

test('an elementwise op is added with just those: swish', async () => {
  const said = await add('an elementwise op', 'swish', {
    page: 'elementwise-op.md',
    tests: ['ops/unary', 'reference/elementwise', 'special-values'],
    program: `
      import { grad, tensor } from 'wgrad';
      const x = tensor([-3, -0.5, 0, 2]);
      const y = x.swish();
      const [slope] = grad(y.sum(), [x]);
      console.log(JSON.stringify([await y.array(), await slope.array()]));`,
  });
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const points = [-3, -0.5, 0, 2];
  const values = points.map((x) => x * sigmoid(x));
  const slopes = points.map((x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))));
  const [actual, actualSlopes] = JSON.parse(said);
  assertNear(actual, values);
  assertNear(actualSlopes, slopes);
});

test('an optimizer is added with just those: Signum', async () => {
  const said = await add('an optimizer', 'signum', {
    page: 'optimizer.md',
    tests: ['optim/optimizers', 'reference/optimizers'],
    program: `
      import { optim, tensor, Variable } from 'wgrad';
      const weights = new Variable(tensor([1, -2, 0.3]));
      const optimizer = optim.signum([weights], { lr: 0.1, weightDecay: 0.05 });
      for (let step = 0; step < 20; step++) {
        await optimizer.step(weights.value.sub(tensor([0.5, 0.25, -4])).square().sum());
      }
      console.log(JSON.stringify([...(await weights.data())]));`,
  });
  const targets = [0.5, 0.25, -4];
  const expected = [1, -2, 0.3].map((start, i) => {
    let [weight, mean] = [start, 0];
    for (let step = 0; step < 20; step++) {
      const gradient = 2 * (weight - (targets[i] ?? Number.NaN));
      mean = 0.9 * mean + 0.1 * gradient;
      weight = weight * (1 - 0.1 * 0.05) - 0.1 * Math.sign(mean);
    }
    return weight;
  });
  assertNear(JSON.parse(said), expected);
});

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.is(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - value) < 1e-5, `${actual}, not ${expected}`);
  }
}

test.run();
