// The site that `npm run docs` builds. Its reference is made of docstrings: no link in it is broken, and nothing
// that is exported lacks one. Interfaces may, since those of options are told by what takes them.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seriousFindings } from './browser/axe.ts';
import { findChromium, launch } from './browser/chromium.ts';

const test = suite('the site of the docs');
const root = fileURLToPath(new URL('..', import.meta.url));
const executable = findChromium();
let folder: string;
let server: Server | undefined;
let browser: Browser;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgrad-site-'));
  const command = ['--import', 'tsx', 'scripts/docs/build.ts', folder];
  const run = promisify(execFile)(process.execPath, command, { cwd: root });
  await run.catch(({ stdout, stderr }) => assert.unreachable(`${stdout}${stderr}`));
  server = createServer(async ({ url = '/' }, response) => {
    const name = decodeURIComponent(url.replace(/[?#].*/, ''));
    const body = await readFile(join(folder, name)).catch(() => undefined);
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  if (executable) browser = await launch(executable);
});

test.after(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
  await rm(folder, { recursive: true });
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** All pages, as paths within the site. */
async function pages(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.html'));
}

/** Opens pages one after the other, and holds what the console said against each. */
async function visit(
  paths: readonly string[],
  options: { width: number; colorScheme: 'light' | 'dark' },
  look: (page: Page, path: string) => Promise<unknown>,
): Promise<void> {
  const { width, colorScheme } = options;
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', ({ message }) => problems.push(message));
  const { port } = server!.address() as AddressInfo;
  for (const path of paths) {
    await page.goto(`http://127.0.0.1:${port}/${path}`);
    await look(page, path);
    assert.equal(problems, [], `${path} at ${width} in ${colorScheme}`);
  }
  await page.close();
}

test('has the reference, every page of docs and the playground', async () => {
  const expected = ['classes/index.Variable', 'functions/index.conv2d', 'documents/docs_ops'];
  for (const page of [...expected, 'documents/docs_guide_model', 'playground/index']) {
    assert.ok(existsSync(join(folder, `${page}.html`)), `${page} is missing`);
  }
});

test('pages of docs and the front page have one heading of the first order', async () => {
  const read = (await pages()).filter((name) => /^documents\/|^index/.test(name));
  assert.ok(read.length > 30);
  for (const name of read) {
    const text = await readFile(join(folder, name), 'utf8');
    assert.is([...text.matchAll(/<h1\b/g)].length, 1, name);
  }
});

test('no link on any page is broken', async () => {
  const texts = new Map<string, string>();
  for (const name of await pages()) texts.set(name, await readFile(join(folder, name), 'utf8'));
  const broken: string[] = [];
  for (const [name, text] of texts) {
    for (const [, link] of text.matchAll(/(?:href|src|srcset)="([^"]*)"/g)) {
      if (/^[a-z]+:|^\/\//i.test(link!)) continue;
      const [path, fragment] = link!.replace(/\?[^#]*/, '').split('#');
      const target = path
        ? relative(folder, join(folder, dirname(name), decodeURIComponent(path)))
        : name;
      const lacksId = () =>
        fragment && texts.has(target) && !texts.get(target)!.includes(`id="${fragment}"`);
      if (!existsSync(join(folder, target)) || lacksId()) broken.push(`${name}: ${link}`);
    }
  }
  assert.equal(broken, []);
});

test('pages load without an error and fit a phone and wide screens', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const read = (await pages()).filter((name) => /^documents\/|^index|^modules\//.test(name));
  assert.ok(read.length > 30);
  for (const options of [
    { width: 360, colorScheme: 'dark' },
    { width: 1440, colorScheme: 'light' },
  ] as const) {
    await visit(read, options, async (page, path) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= options.width, `${path} is ${width} wide`);
    });
  }
});

test('axe-core finds nothing serious', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const kinds = ['index', 'documents/docs_guide_model', 'documents/docs_results'];
  const paths = [...kinds, 'functions/index.softmax'].map((name) => `${name}.html`);
  for (const options of [
    { width: 360, colorScheme: 'light' },
    { width: 1440, colorScheme: 'dark' },
  ] as const) {
    await visit(paths, options, async (page, path) => {
      assert.equal(await seriousFindings(page), [], `${path} at ${options.width}`);
    });
  }
});

test('search finds an op, in the reference and on pages', async () => {
  if (!executable) return console.log('left out: no Chromium');
  await visit(['index.html'], { width: 1440, colorScheme: 'light' }, async (page) => {
    await page.locator('#tsd-search-trigger').click();
    await page.locator('#tsd-search-input').fill('softmax');
    const found = page.locator('#tsd-search-results');
    await found.getByText('wgrad.softmax').first().waitFor();
    await found.getByText('Ops', { exact: true }).waitFor();
  });
});

/** Runs all examples of a page, and holds what they print to the comments in them. */
async function runExamples(page: Page): Promise<void> {
  const buttons = page.locator('.run-example');
  await buttons.first().waitFor();
  for (const [at, button] of (await buttons.all()).entries()) {
    await button.click();
    await page.waitForFunction((at) => {
      return !document.querySelectorAll<HTMLButtonElement>('.run-example')[at]!.disabled;
    }, at);
    const [code, printed] = await button.evaluate((element) => [
      element.previousElementSibling!.querySelector('code')!.innerText,
      element.nextElementSibling!.textContent,
    ]);
    const said = [...code!.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words);
    assert.equal(printed!.split('\n'), said);
  }
}

test('examples of the guide run on their page, also one that is opened as a file', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const guide = (await pages()).filter((name) => name.startsWith('documents/docs_guide_'));
  assert.is(guide.length, 4);
  await visit(guide, { width: 1440, colorScheme: 'light' }, runExamples);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, 'documents/docs_guide_first-tensor.html')).href);
  await runExamples(page);
  await page.close();
});

test('the playground says that it needs a server where its page was opened as a file', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const page = await browser.newPage();
  const open = (path: string) => page.goto(pathToFileURL(join(folder, path)).href);
  await open('documents/docs_playground.html');
  await page.locator('.note', { hasText: 'from a server' }).waitFor();
  assert.is(await page.locator('iframe').count(), 0);
  await open('playground/index.html');
  await page.locator('#status', { hasText: 'npx http-server' }).waitFor();
  await page.close();
});

test('whatever has a button runs, on all other pages too', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const others = (await pages()).filter((name) => /^documents\/docs_(?!guide_)/.test(name));
  let count = 0;
  await visit(others, { width: 1440, colorScheme: 'light' }, async (page, path) => {
    await page.waitForFunction(
      'globalThis.examples !== undefined || !!document.querySelector(".playground")',
    );
    for (const button of await page.locator('.run-example').all()) {
      await button.click();
      const printed = await button.evaluate(async (element: HTMLButtonElement) => {
        while (element.disabled) await new Promise((resolve) => setTimeout(resolve, 20));
        return element.nextElementSibling!.textContent;
      });
      assert.not.match(printed!, /Error|^It printed nothing/, path);
      count++;
    }
  });
  assert.ok(count > 20, `${count} examples were run`);
});

test('the playground is on its page', async () => {
  if (!executable) return console.log('left out: no Chromium');
  const options = { width: 1440, colorScheme: 'light' } as const;
  await visit(['documents/docs_playground.html'], options, async (page) => {
    const train = page.frameLocator('iframe.playground').getByRole('button', { name: 'Train' });
    await train.and(page.frameLocator('iframe.playground').locator(':enabled')).waitFor();
  });
});

test.run();
