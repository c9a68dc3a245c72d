import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeDevice, setDevice } from '../../src/index.ts';
import { checkFindings } from './check-findings.ts';
import { findChromium, launch } from './chromium.ts';
import type { Findings, Loss } from './page.ts';
import { type Server, serve } from './server.ts';
import { train } from './training.ts';

const LIMIT_MS = 120_000;

const executable = findChromium();
const test = suite('browser');
let browser: Browser;
let server: Server;
let expected: number[];

/** Lends a page; nothing in it may take longer than a limit. */
async function withPage(name: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  let timer: NodeJS.Timeout | undefined;
  try {
    const page = await context.newPage();
    const work = page
      .goto(server.url(name), { timeout: LIMIT_MS })
      .then(() => page.waitForFunction('globalThis.compute', undefined, { timeout: LIMIT_MS }))
      .then(() => use(page));
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`over ${LIMIT_MS} ms`)), LIMIT_MS);
    });
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    await context.close();
  }
}

test.before(async () => {
  server = await serve();
  browser = await launch(executable as string);
  await setDevice('wasm');
  expected = await train();
  closeDevice();
});
test.after(async () => {
  await browser?.close();
  server?.close();
});

test('an isolated page computes on all processors, and ends its workers with the device', () =>
  withPage('isolated', async (page) => {
    const processors = await page.evaluate<number>('navigator.hardwareConcurrency');
    const started: string[] = [];
    page.on('worker', (worker) => started.push(worker.url()));
    const findings = await page.evaluate<Findings>("compute('wasm')");
    assert.match(findings.name, `CPU: ${processors} thread`);
    checkFindings(findings, expected);
    assert.is(started.length, processors - 1);
    while (page.workers().length > 0) await page.waitForTimeout(20); // withPage has a limit
  }));

test('a browser without Atomics.waitAsync computes with threads too', () =>
  withPage('isolated', async (page) => {
    await page.evaluate('delete Atomics.waitAsync');
    checkFindings(await page.evaluate<Findings>("compute('wasm')"), expected);
  }));

test('a page that is not isolated computes on one thread and says how to get more', () =>
  withPage('plain', async (page) => {
    const findings = await page.evaluate<Findings>("compute('wasm')");
    assert.match(findings.name, 'CPU: 1 thread,');
    assert.match(findings.reason, /not cross-origin isolated.*Cross-Origin-Opener-Policy/);
    checkFindings(findings, expected);
  }));

test('a page that may not start workers computes on one thread and says why', () =>
  withPage('without-workers', async (page) => {
    const findings = await page.evaluate<Findings>("compute('wasm')");
    assert.match(findings.name, 'CPU: 1 thread,');
    assert.match(findings.reason, /could not be started.*worker-src blob:/);
    checkFindings(findings, expected);
  }));

test('a worker of the page computes on all processors too', () =>
  withPage('isolated', async (page) => {
    const processors = await page.evaluate<number>('navigator.hardwareConcurrency');
    const findings = await page.evaluate<Findings>('computeInWorker()');
    assert.match(findings.name, `CPU: ${processors} thread`);
    checkFindings(findings, expected);
  }));

test('a page whose workers are gone gets an error', () =>
  withPage('isolated', async (page) => {
    const { ended, isTyped, message } = await page.evaluate<Loss>('loseWorkers()');
    assert.ok(ended > 0 && isTyped, message);
    assert.match(message, 'A thread of the CPU device ended');
  }));

test('WebGPU computes in a page', () =>
  withPage('isolated', async (page) => {
    const adapter = 'navigator.gpu?.requestAdapter().then(Boolean)';
    if (!(await page.evaluate<boolean | undefined>(adapter))) {
      console.log('This browser has no WebGPU adapter: not tested there.');
      return;
    }
    const findings = await page.evaluate<Findings>("compute('webgpu')");
    assert.match(findings.reason, 'through WebGPU');
    // Another device sums in another order, and training amplifies that.
    checkFindings(findings, expected, 1e-3);
  }));

if (executable) {
  test.run();
} else {
  console.log(
    'No Chromium found (CHROMIUM_PATH, or chromium in the path): browsers are not tested.',
  );
  const skipped = suite('browser');
  skipped.skip('needs Chromium', () => {});
  skipped.run();
}
