import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { findChromium, launch } from '../chromium.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Of what hangs: a machine that does other things besides takes a while for what it can do. */
const LIMIT_MS = 120_000;

interface PageOptions extends BrowserContextOptions {
  /** Done to the page's context before it is opened. */
  readonly before?: (context: BrowserContext) => Promise<void>;
}

interface SuiteOptions {
  /** Of `npm run browser`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the browser finds a WebGPU adapter. Default true. */
  readonly webgpu?: boolean;
}

/** The playground as `npm run browser` serves it, for all tests of a file. */
export interface Playground {
  /**
   * Lends a page of its own, opened with settings behind the #. Whatever the page's console says of an
   * error fails the test.
   */
  withPage(
    settings: string,
    use: (page: Page) => Promise<void>,
    options?: PageOptions,
  ): Promise<void>;
}

/** Tests in Chromium; one that is skipped, and says so, where there is none. */
export function browserSuite(
  name: string,
  describe: (test: Test, playground: Playground) => void,
  { environment = {}, webgpu = true }: SuiteOptions = {},
) {
  const executable = findChromium();
  const test = suite(name);
  if (!executable) {
    console.log('No Chromium found (CHROMIUM_PATH, or chromium in the path): not tested there.');
    test.skip('needs Chromium', () => {});
    test.run();
    return;
  }
  let browser: Browser;
  let server: { readonly url: string; close(): void };
  test.before(async () => {
    [server, browser] = await Promise.all([serve(environment), launch(executable, webgpu)]);
  });
  test.after(async () => {
    await browser?.close();
    server?.close();
  });
  describe(test, {
    async withPage(settings, use, { before, ...options } = {}) {
      const context = await browser.newContext(options);
      try {
        await before?.(context);
        context.setDefaultTimeout(LIMIT_MS);
        const page = await context.newPage();
        const errors: string[] = [];
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(message.text());
        });
        page.on('pageerror', ({ message }) => errors.push(message));
        await page.goto(`${server.url}${settings && `#${settings}`}`);
        await use(page);
        assert.equal(errors, []);
      } finally {
        await context.close();
      }
    },
  });
  test.run();
}

async function serve(environment: Readonly<Record<string, string>>) {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const [, ...args] = scripts.browser.split(' ');
  const child = spawn(process.execPath, [...args, '0'], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  const [line] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(LIMIT_MS) });
  return { url: String(line).split(' ')[0] as string, close: () => child.kill() };
}

/** Waits until the status says something. */
export async function status(page: Page, pattern: RegExp): Promise<string> {
  const line = page.locator('#status', { hasText: pattern });
  await line.waitFor();
  return (await line.textContent()) ?? '';
}

/** What an element of the page says. */
export async function textOf(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent()) ?? '';
}

/** The number that a figure of the page shows. */
export async function figure(page: Page, id: string): Promise<number> {
  return Number.parseFloat((await textOf(page, id)).replaceAll(',', ''));
}
