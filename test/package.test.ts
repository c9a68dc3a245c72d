// The published package as a user gets it: built, packed, installed into an empty folder, then
// imported from JavaScript and type-checked from TypeScript. No device is touched.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './checkout-copy.ts';
import { withoutHints } from './editor-hints.ts';
import { command, installedPackage } from './installed-package.ts';

const test = suite('package');
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join('/'))
    .sort();
}

test('contains the build, its papers, pages and examples, and nothing else', async () => {
  const { installed } = await installedPackage();
  const files = await filesOf(installed);
  const papers = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json'];
  const modules = [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/entries/nn.js',
    'dist/entries/nn.d.ts',
  ];
  const bundle = ['dist/bundle/index.js', 'dist/bundle/index.js.map', 'dist/bundle/node.js'];
  for (const name of [...papers, ...modules, ...bundle]) {
    assert.ok(files.includes(name), `${name} is missing`);
  }
  const built = /^dist\/.+(\.js|\.js\.map|\.d\.ts)$/;
  const read = /^docs\/.+(\.md|\.svg)$|^examples\/.+(\.md|\.ts|\.html|\.css)$/;
  const others = files.filter(
    (name) => !papers.includes(name) && !built.test(name) && !read.test(name),
  );
  assert.equal(others, [], 'the tarball has files that users do not need');
});

test('has what its pages link to and show', async () => {
  const { installed } = await installedPackage();
  const pages = (await filesOf(installed)).filter((name) => name.endsWith('.md'));
  assert.ok(pages.length > 20, `${pages.length} pages`);
  let links = 0;
  for (const page of pages) {
    const text = await readFile(join(installed, page), 'utf8');
    const prose = text.replace(/^```.*?^```|`[^`\n]*`(?!\])/gms, '');
    const found = prose.matchAll(/(?:\]\(|(?:href|src|srcset)=")(?![a-z]+:|#)([^)"#\s]+)/g);
    for (const [, to = ''] of found) {
      links++;
      const target = join(installed, page, '..', to);
      // Tests are for those who have a checkout.
      if (target.startsWith(join(installed, 'test'))) continue;
      assert.ok(existsSync(target), `${page} links to ${to}, which is not in the package`);
    }
  }
  assert.ok(links > 100, `${links} links`);
});

test('mentions no path of the machine it was built on', async () => {
  const { temporary, installed } = await installedPackage();
  for (const name of await filesOf(installed)) {
    const text = await readFile(join(installed, name), 'utf8');
    for (const path of [root, temporary, `${homedir()}/`, 'file:///']) {
      assert.not.ok(text.includes(path), `${name} mentions ${path}`);
    }
  }
});

test('needs no other package and no Node module to load', async () => {
  const { consumer, installed } = await installedPackage();
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  assert.is(manifest.dependencies, undefined);
  for (const peer of Object.keys(manifest.peerDependencies)) {
    assert.is(manifest.peerDependenciesMeta[peer]?.optional, true, `${peer} is not optional`);
    assert.not.ok(existsSync(join(consumer, 'node_modules', peer)), `${peer} was installed`);
  }
  assert.not.ok(existsSync(join(consumer, 'node_modules', 'webgpu')), 'webgpu was not left out');
  for (const name of (await filesOf(installed)).filter((file) => file.endsWith('.js'))) {
    const bundle = await readFile(join(installed, name), 'utf8');
    const foreign = [
      ...bundle.matchAll(/^(?:import|export)\b[^;]*?from\s*"(?!\.{1,2}\/)([^"]*)"/gm),
    ];
    assert.equal(foreign, [], `${name}: static imports of others do not load in a browser`);
  }
});

test('works from JavaScript, also in a minified bundle', async () => {
  const { consumer } = await installedPackage();
  await writeFile(
    join(consumer, 'use.js'),
    `import { grad, nn, optim, ShapeError, tensor, zeros } from 'wgrad';
     const a = tensor([[1, 2], [3, 4]]);
     let error;
     try { a.reshape([3]); } catch (thrown) { error = thrown; }
     console.log(JSON.stringify({
       grad: typeof grad, nn: typeof nn, optim: typeof optim,
       shape: a.shape,
       product: zeros([2, 3]).matMul(zeros([3, 4])).shape,
       reshaped: a.reshape([4]).shape,
       shapeError: error instanceof ShapeError && error.name === 'ShapeError',
     }));`,
  );
  const bundle = join(consumer, 'bundle.mjs');
  const options = { bundle: true, minify: true, format: 'esm', platform: 'node' } as const;
  const external = ['webgpu'];
  await build({ ...options, external, entryPoints: [join(consumer, 'use.js')], outfile: bundle });
  for (const program of ['use.js', bundle]) {
    const printed = JSON.parse(await command(consumer, process.execPath, program));
    assert.equal(printed, {
      grad: 'function',
      nn: 'object',
      optim: 'object',
      shape: [2, 2],
      product: [2, 4],
      reshaped: [4],
      shapeError: true,
    });
  }
});

test('computes on the CPU with nothing but itself', async () => {
  const { consumer } = await installedPackage();
  await writeFile(
    join(consumer, 'compute.js'),
    `import { grad, setDevice, tensor } from 'wgrad';
     const device = await setDevice('wasm');
     const x = tensor(new Float32Array(100_000).fill(3), [100_000]);
     const [slope] = grad(x.square().sum(), [x]);
     console.log(device.kind, await x.square().sum().item(), await slope.max().item());`,
  );
  const printed = await command(consumer, process.execPath, 'compute.js');
  assert.is(printed.trim(), 'wasm 900000 6');
});

/** Every version of TypeScript that the declarations are for; which are installed is up to npm. */
const compilers = ['typescript-5.4', 'typescript-5.9', 'typescript', 'typescript-7']
  .map((name) => ({ name, tsc: join(root, 'node_modules', name, 'bin', 'tsc') }))
  .filter(({ tsc }) => existsSync(tsc));
const modes = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/** Neither the DOM's types nor Node's or WebGPU's are there. */
const USE = `
import {
  type AnyTensor, callbacks, data, type Device, evaluate, fit, grad, io, losses, nn,
  openDevice, openWebGpu, optim, predict, random, setDevice, type Shape, ShapeError, type Signal, type Tensor,
  tensor, Variable, zeros,
} from 'wgrad';
import { csv, imageFolder, openEvents, progressBar, report, tensorBoard } from 'wgrad/node';

const matrix = tensor([[1, 2], [3, 4]]);
const sizes: readonly number[] = matrix.shape;
const product: Tensor<[2, 4]> = zeros([2, 3]).matMul(zeros([3, 4]));
const vector: Tensor = matrix.reshape([4]);
const mixed: AnyTensor = matrix.mul(vector as AnyTensor).add(1).sum();
function unknown<S extends Shape, T extends AnyTensor>(x: Tensor<S>, y: T, axis: number): AnyTensor {
  return x.sub(x.mean(-1, true)).sum(axis).relu().mul(x.matMul(y)).add(y);
}
const weight = new Variable(random.normal([2, 2]), { name: 'weight' });
weight.assign(weight.value.sub(matrix.relu()));

const { train, test } = data.syntheticDigits({ train: 60, test: 10, seed: 1 });
const layers = [nn.flatten(), nn.dense(64, { activation: 'relu' }), nn.dense(10)];
const model = nn.sequential(layers).build([28, 28, 1]);
const judged = { loss: losses.crossEntropy, metrics: ['accuracy'] } as const;
const counting: callbacks.Callback = { name: 'counting', onStepEnd: ({ step }) => void step };

export async function main(signal: Signal): Promise<Record<string, number>> {
  const { device } = await openDevice('wasm');
  const opened: Device = await setDevice(device);
  const gpu: Device = await openWebGpu();
  await fit(model, data.fromImages(train), {
    ...judged,
    optimizer: optim.adam(model.variables, { lr: optim.schedules.constant(1e-3) }),
    signal,
    callbacks: [callbacks.progress(), callbacks.earlyStopping({ patience: 2 }), counting, await progressBar()],
  });
  const [slope] = grad(matrix.square().sum(), [matrix]);
  const rows: number | readonly unknown[] = await slope.array();
  const logits: Float32Array = await predict(model, data.fromImages(test), { signal });
  await io.saveWeights('weights.safetensors', model);
  await report.writeReport(await report.createRun('runs', 'dnn'));
  void [opened, gpu, rows, logits, csv, imageFolder, openEvents, tensorBoard];
  return evaluate(model, data.fromImages(test), judged);
}
export const used = [ShapeError, sizes, product, mixed, unknown];

// @ts-expect-error inner dimensions 3 and 4 differ
zeros([2, 3]).matMul(zeros([4, 5]));
// @ts-expect-error a tensor is no number
export const wrong: number = zeros([2, 3]);
`;

for (const { name, tsc } of compilers) {
  for (const [mode, options] of Object.entries(modes)) {
    test(`type-checks with ${name} (${mode})`, async () => {
      const { consumer } = await installedPackage();
      await writeFile(join(consumer, 'use.ts'), USE);
      const compilerOptions = {
        ...options,
        target: 'es2022',
        lib: ['es2022'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        types: [],
      };
      const config = join(consumer, `tsconfig.${mode}.json`);
      await writeFile(config, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
      // skipLibCheck is off: our declarations themselves must be right without our settings.
      await command(consumer, process.execPath, tsc, '-p', config);
    });
  }
}

test('editors show what every method of a tensor and every export does', async () => {
  const { consumer } = await installedPackage();
  const options = { lib: ['lib.es2022.d.ts'], types: [] };
  const { known, silent } = withoutHints(join(consumer, 'hints.ts'), options);
  assert.ok(known > 300, `${known} are known`);
  assert.equal(silent, []);
});

test.run();
