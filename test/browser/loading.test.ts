import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle } from '../../examples/browser/bundle.ts';
import { io, nn, random } from '../../src/index.ts';
import { pixel, tinyArchive } from '../data/published/tiny-cifar.ts';
import { TINY_FILES } from '../data/tiny-images.ts';
import { findChromium, launch } from './chromium.ts';

const executable = findChromium();
const test = suite('loading in a browser');
let browser: Browser;
let page: Page;
/** What the page can fetch, by path. */
const served = new Map<string, string | Uint8Array>();

test.before(async () => {
  for (const [name, text] of await bundle('test/browser/loading-page.ts')) {
    served.set(`/${name}`, text);
  }
  for (const [name, bytes] of TINY_FILES) served.set(`/digits/${name}`, bytes);
  served.set('/photographs/cifar-10-binary.tar.gz', tinyArchive());
  browser = await launch(executable as string);
  page = await browser.newPage();
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname;
    const script = '<script type="module" src="/loading-page.js"></script>';
    const found = path === '/' ? script : served.get(path);
    if (found === undefined) return route.fulfill({ status: 404 });
    const contentType = path === '/' ? 'text/html' : 'text/javascript';
    const body = typeof found === 'string' ? found : Buffer.from(found);
    return route.fulfill({ body, contentType });
  });
  await page.goto('http://localhost/');
  await page.waitForFunction('globalThis.weights');
});
test.after(() => browser?.close());

/** What a function of the page gives. */
// biome-ignore lint/suspicious/noExplicitAny: what it gives is looked at piece by piece
const called = (call: string): Promise<any> => page.evaluate(call);

test('weights are kept in IndexedDB, and loaded from there and out of Blobs', async () => {
  const { found, names, after } = await called('weights()');
  assert.is(found[0].length, 12);
  assert.equal(found[1], found[0]);
  assert.equal(found[2], found[0]);
  assert.equal(names, ['model']);
  assert.equal(after, [undefined, []]);
});

test('weights are loaded from an address, with progress', async () => {
  random.seed(1);
  const model = nn.sequential([nn.dense(3), nn.dense(2)]).build([4]);
  const bytes = io.encodeSafetensors(await io.weightsOf(model));
  served.set('/model.safetensors', bytes);
  const { kernel, seen } = await called("weightsAt('/model.safetensors')");
  assert.equal(kernel, [...(await model.variables[0]!.data())]);
  assert.is(seen[0], bytes.length);
});

test('a data set is fetched from a folder, or from a mirror once and then from what was kept', async () => {
  const expected = [7, 0, 9, 1, 2];
  const fromFolder = await called("mnist({ data: '/digits' })");
  assert.equal(fromFolder.labels, expected);
  assert.is(fromFolder.images, 3 * 784);
  assert.ok(fromFolder.seen.length >= 4);
  const mirrors = JSON.stringify(['http://localhost/nowhere', 'http://localhost/digits/']);
  assert.equal((await called(`mnist({ mirrors: ${mirrors} })`)).labels, expected);
  assert.equal((await called('mnist({ mirrors: [] })')).labels, expected, 'kept in IndexedDB');
  const message = await called("mnist({ data: '/nowhere' }).catch((error) => error.message)");
  assert.match(message, /cannot be downloaded: .*nowhere.*the server answered 404.*`data`/);
});

test('CIFAR-10 is fetched as its archive and kept, or read out of one that is dropped', async () => {
  const labels = [0, 9, 1, 8, 2, 7, 3, 6, 4, 5, 5, 4];
  const images = Array.from({ length: 10 * 32 * 32 * 3 }, (_, i) => {
    const [image, y, x] = [Math.floor(i / 3072), Math.floor(i / 96) % 32, Math.floor(i / 3) % 32];
    return pixel(image >> 1, image & 1, y, x, i % 3);
  });
  const fromFolder = await called("cifar10({ data: '/photographs' })");
  assert.equal(fromFolder.labels, labels);
  assert.equal(fromFolder.images, images);
  assert.equal(fromFolder.size, [10, 32, 32, 3]);
  assert.is(fromFolder.classes, 10);
  assert.is(fromFolder.source, '/photographs');
  assert.is(fromFolder.seen.at(-1), 170052171);
  const mirrors = JSON.stringify(['http://localhost/photographs/']);
  assert.equal((await called(`cifar10({ mirrors: ${mirrors} })`)).images, images);
  assert.equal((await called('cifar10({ mirrors: [] })')).images, images, 'kept in IndexedDB');
  const dropped = await called("droppedCifar10('/photographs/cifar-10-binary.tar.gz')");
  assert.equal(dropped.images, images);
  assert.is(dropped.source, 'dropped.tar.gz');
  const wrong = await called("droppedCifar10('/').catch((error) => error.message)");
  assert.match(wrong, /dropped\.tar\.gz is (no tar archive|truncated)/);
});

test('calls that take files say so by name, and what to do instead', async () => {
  const said = await called('refusals()');
  const named = 'saveWeights|loadWeights|readSafetensors|writeSafetensors|readIdxFile';
  const expected = `${named}|checkpoint|csvLog|jsonLinesLog`.split('|');
  assert.is(said.length, expected.length);
  for (const [i, name] of expected.entries()) {
    assert.match(
      said[i],
      new RegExp(`^${name}.* takes Node, Deno or Bun: a browser reads and writes`),
    );
    assert.ok(said[i].split('. ').length > 1, said[i]);
  }
});

if (executable) {
  test.run();
} else {
  console.log('No Chromium found: loading in a browser is not tested.');
  const skipped = suite('loading in a browser');
  skipped.skip('needs Chromium', () => {});
  skipped.run();
}
