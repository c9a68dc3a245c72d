// What bundlers make of the published package: how large it is, and whether it works without Node.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build as viteBuild } from 'vite';
import { findChromium, launch } from './browser/chromium.ts';
import { command, installedPackage } from './installed-package.ts';

const test = suite('bundles');

/**
 * Sizes in kB, gzipped, that docs/devices.md promises: what a page begins with, and all that it has loaded
 * when a GPU has computed.
 */
const LIMITS = {
  tensors: { begins: 32, onGpu: 48 },
  convolution: { begins: 34, onGpu: 66 },
  training: { begins: 45, onGpu: 83 },
  compiler: 54,
  oneFile: 270,
};

const tensors = `
  import { grad, tensor } from 'wgrad';
  const x = tensor([1, 2, 3]);
  const [slope] = grad(x.square().sum(), [x]);
  globalThis.result = slope.data().then((values) => [...values]);
`;

const convolution = `
  import { conv2d, zeros } from 'wgrad';
  globalThis.result = conv2d(zeros([1, 4, 4, 1]), zeros([3, 3, 1, 2])).data();
`;

const body = `
  random.seed(1);
  const model = nn.sequential([nn.dense(16, { activation: 'relu' }), nn.dense(3)]).build([2]);
  const adam = optim.adam(model.variables, { lr: 0.01 });
  const inputs = tensor([[0, 1], [1, 0], [1, 1]]);
  const targets = tensor([0, 1, 2], { dtype: 'i32' });
  globalThis.result = (async () => {
    const values = [];
    for (let i = 0; i < 5; i++) {
      const loss = losses.crossEntropy(model.forward(inputs), targets);
      await adam.step(loss);
      values.push(await loss.item());
    }
    return values;
  })();
`;
/** The same by the names that each bundler sees through. */
const training = {
  vite: `import { losses, nn, optim, random, tensor } from 'wgrad'; ${body}`,
  esbuild: `
    import { tensor } from 'wgrad';
    import * as losses from 'wgrad/losses';
    import * as nn from 'wgrad/nn';
    import * as optim from 'wgrad/optim';
    import * as random from 'wgrad/random';
    ${body}`,
};

type Bundler = keyof typeof training;

/** Bundles a program of the user's project for browsers; the texts of the files by name. */
async function bundled(
  bundler: Bundler,
  name: string,
  program: string,
): Promise<Map<string, string>> {
  const { consumer } = await installedPackage();
  const entry = join(consumer, `${name}.js`);
  const outdir = join(consumer, `${bundler}-${name}`);
  await writeFile(entry, program);
  if (bundler === 'esbuild') {
    const format = { format: 'esm', platform: 'browser', target: 'es2022' } as const;
    const options = { bundle: true, minify: true, splitting: true, logLevel: 'error' } as const;
    await esbuild({ ...format, ...options, entryPoints: [entry], outdir });
  } else {
    const rolldownOptions = { input: entry, output: { entryFileNames: '[name].js' } };
    await viteBuild({
      root: consumer,
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: outdir,
        target: 'es2022',
        assetsDir: '',
        modulePreload: false,
        rolldownOptions,
      },
    });
  }
  const names = (await readdir(outdir)).filter((file) => file.endsWith('.js'));
  const read = async (file: string) => [file, await readFile(join(outdir, file), 'utf8')] as const;
  return new Map(await Promise.all(names.map(read)));
}

const kiloBytes = (text = '') => gzipSync(text).length / 1000;

/** The sizes of files, each gzipped by itself, as servers send them. */
const sizeOf = (names: Iterable<string>, files: ReadonlyMap<string, string>) =>
  [...names].reduce((sum, name) => sum + kiloBytes(files.get(name)), 0);

/** A file, and those that it loads before it runs. */
function withImports(
  files: ReadonlyMap<string, string>,
  name: string,
  all = new Set<string>(),
): ReadonlySet<string> {
  if (all.has(name)) return all;
  all.add(name);
  const imports = /(?:\bimport|\bfrom)\s*["']\.\/([^"']+)["']/g;
  for (const [, other = ''] of (files.get(name) ?? '').matchAll(imports)) {
    withImports(files, other, all);
  }
  return all;
}

for (const bundler of ['vite', 'esbuild'] as const) {
  const programs = { tensors, convolution, training: training[bundler] };
  for (const [name, program] of Object.entries(programs)) {
    test(`${bundler} keeps of the library what a program uses: ${name}`, async () => {
      const files = await bundled(bundler, name, program);
      const size = sizeOf(withImports(files, `${name}.js`), files);
      const { begins } = LIMITS[name as keyof typeof programs];
      assert.ok(size < begins, `${size} kB gzipped, ${begins} are promised`);
      const compiler = [...files].find(([file]) => file.startsWith('open-wasm'))?.[1];
      assert.ok(compiler, `the compiler is none of ${[...files.keys()]}`);
      assert.ok(kiloBytes(compiler) < LIMITS.compiler, `the compiler: ${kiloBytes(compiler)} kB`);
      for (const [file, text] of files) {
        assert.not.match(text, /import\(?\s*["'`](node:|webgpu)/, `${file} takes Node`);
      }
    });
  }
}

/** What a bundle that needs no device prints. */
async function printedBy(name: string, program: string): Promise<string> {
  const { consumer } = await installedPackage();
  await bundled('esbuild', name, program);
  const bundle = pathToFileURL(join(consumer, `esbuild-${name}`, `${name}.js`)).href;
  return (await command(consumer, process.execPath, bundle.replace('file://', ''))).trim();
}

test('a method comes with its function, and says so where the function was left out', async () => {
  const used = (imported: string) => `
    import { ${imported} } from 'wgrad';
    const images = zeros([1, 4, 4, 1]);
    try { console.log(images.maxPool2d().shape.join()); } catch (error) { console.log(error.message); }
  `;
  assert.match(await printedBy('without', used('zeros')), /no maxPool2d: use maxPool2d of wgrad/);
  const both = `${used('maxPool2d, zeros')} globalThis.kept = maxPool2d;`;
  assert.is(await printedBy('with', both), '1,2,2,1');
});

test('what needs files says what to do instead', async () => {
  const program = `
    import { readSafetensors } from 'wgrad/io';
    readSafetensors('weights.safetensors').catch((error) => console.log(error.message));
  `;
  assert.match(
    await printedBy('files', program),
    /a browser reads and writes no files by their paths/,
  );
});

const executable = findChromium();
const browserTest = executable ? test : test.skip;

/** Has a software adapter say that it is a GPU, for which kernels of its own are loaded. */
const asGpu = `
  const told = { isFallbackAdapter: false, vendor: 'a vendor', architecture: '', device: '', description: '' };
  for (const [name, value] of Object.entries(told)) {
    Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
  }
`;

/** Opens a page that a bundle's script is the whole of, behind another; tells which files it loads. */
async function opened(
  browser: Browser,
  files: ReadonlyMap<string, string>,
  script: string,
  before = '',
): Promise<{ readonly page: Page; readonly loaded: ReadonlySet<string> }> {
  const page = await browser.newPage();
  const loaded = new Set<string>();
  await page.addInitScript(before);
  await page.route('**/*', (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    const text = files.get(file);
    if (text) loaded.add(file);
    const html = `<script type="module" src="/${script}"></script>`;
    const [body, contentType] = text ? [text, 'text/javascript'] : [html, 'text/html'];
    return route.fulfill({ body, contentType });
  });
  await page.goto('http://localhost/');
  return { page, loaded };
}

browserTest('a page without a bundler computes with one file', async () => {
  const { installed } = await installedPackage();
  const text = await readFile(join(installed, 'dist', 'wgrad.js'), 'utf8');
  assert.ok(kiloBytes(text) < LIMITS.oneFile, `${kiloBytes(text)} kB gzipped`);
  const page = training.vite.replace("'wgrad'", "'/wgrad.js'");
  const files = new Map([
    ['wgrad.js', text],
    ['plain.js', page],
  ]);
  const browser = await launch(executable as string);
  try {
    const { page, loaded } = await opened(browser, files, 'plain.js');
    await page.waitForFunction('globalThis.result');
    const losses = (await page.evaluate('globalThis.result')) as number[];
    assert.ok(losses.length === 5 && losses[4]! < losses[0]!, `${losses}`);
    assert.equal([...loaded].sort(), ['plain.js', 'wgrad.js']);
    const refused = (await page.evaluate(
      "import('/wgrad.js').then(({ io }) => io.readSafetensors('w')).catch((error) => error.message)",
    )) as string;
    assert.match(refused, /readSafetensors of a path takes Node/);
  } finally {
    await browser.close();
  }
});

browserTest('a page loads no more than it computes with on a GPU', async () => {
  const browser = await launch(executable as string);
  try {
    const choose = "import { setDevice } from 'wgrad'; await setDevice('webgpu');";
    const programs = { tensors, convolution, training: training.esbuild };
    for (const [name, program] of Object.entries(programs)) {
      const files = await bundled('esbuild', `${name}-on-gpu`, `${choose} ${program}`);
      const { page, loaded } = await opened(browser, files, `${name}-on-gpu.js`, asGpu);
      const adapter = 'navigator.gpu?.requestAdapter().then(Boolean)';
      if (!(await page.evaluate<boolean | undefined>(adapter))) {
        console.log('This browser has no WebGPU adapter: not measured there.');
        return;
      }
      await page.waitForFunction('globalThis.result');
      await page.evaluate('globalThis.result');
      const size = sizeOf(loaded, files);
      const { onGpu } = LIMITS[name as keyof typeof programs];
      assert.ok(size < onGpu, `${size} kB gzipped, ${onGpu} are promised: ${[...loaded]}`);
      assert.not([...loaded].some((file) => file.startsWith('open-wasm')));
      await page.close();
    }
  } finally {
    await browser.close();
  }
});

browserTest('the bundles compute in a browser what the package computes in Node', async () => {
  const { consumer } = await installedPackage();
  const inNode = join(consumer, 'in-node.js');
  const print = 'console.log(JSON.stringify(await globalThis.result)); process.exit();';
  const choose = "import { setDevice } from 'wgrad'; await setDevice('wasm');";
  await writeFile(inNode, `${choose} ${training.vite} ${print}`);
  const expected: number[] = JSON.parse(await command(consumer, process.execPath, inNode));
  assert.ok(expected.length === 5 && expected[4]! < expected[0]!);
  const browser = await launch(executable as string);
  try {
    for (const bundler of ['vite', 'esbuild'] as const) {
      const files = await bundled(bundler, 'page', training[bundler]);
      const { page } = await opened(browser, files, 'page.js');
      await page.waitForFunction('globalThis.result');
      const losses = (await page.evaluate('globalThis.result')) as number[];
      assert.is(losses.length, 5);
      for (const [i, loss] of losses.entries()) {
        assert.ok(Math.abs(loss - (expected[i] ?? 0)) < 1e-5, `${losses} but ${expected} in Node`);
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
});

test.run();
