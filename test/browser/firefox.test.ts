import type { Browser, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeDevice, setDevice } from '../../src/index.ts';
import { checkFindings } from './check-findings.ts';
import { findFirefox, launchFirefox } from './firefox.ts';
import type { Findings } from './page.ts';
import { type Server, serve } from './server.ts';
import { train } from './training.ts';

const LIMIT_MS = 60_000;

const executable = findFirefox();
const test = suite('Firefox');
let browser: Browser;
let server: Server;
let expected: number[];

test.before(async () => {
  server = await serve();
  browser = await launchFirefox(executable as string);
  await setDevice('wasm');
  expected = await train();
  closeDevice();
});
test.after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page of the server and trains there. */
async function trained(name: string): Promise<{ page: Page; findings: Findings }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  await page.goto(server.url(name));
  await page.waitForFunction('globalThis.compute');
  return { page, findings: (await page.evaluate("compute('wasm')")) as Findings };
}

test('an isolated page trains on all processors', async () => {
  const { page, findings } = await trained('isolated');
  const processors = await page.evaluate(() => navigator.hardwareConcurrency);
  assert.match(findings.name, `CPU: ${processors} thread`);
  checkFindings(findings, expected);
  await page.close();
});

test('a page that is not isolated trains on one thread and says how to get more', async () => {
  const { page, findings } = await trained('plain');
  assert.match(findings.name, 'CPU: 1 thread,');
  assert.match(findings.reason, /not cross-origin isolated.*Cross-Origin-Opener-Policy/);
  checkFindings(findings, expected);
  await page.close();
});

if (executable) {
  test.run();
} else {
  console.log('No Firefox found (FIREFOX_PATH, or firefox-esr in the path): it is not tested.');
  const skipped = suite('Firefox');
  skipped.skip('needs Firefox', () => {});
  skipped.run();
}
