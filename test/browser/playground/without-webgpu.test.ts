import type { BrowserContext, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, status, textOf } from './playground.ts';
import { trainAndDraw } from './visitor.ts';

/** Takes WebGPU from the page and its worker, which a switch of Chromium's does no more. */
async function withoutGpu(context: BrowserContext): Promise<void> {
  await context.addInitScript('delete Navigator.prototype.gpu');
  await context.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    const body = `delete WorkerNavigator.prototype.gpu; ${await response.text()}`;
    await route.fulfill({ response, body });
  });
}

/** Serves the page as hosts do that know nothing of cross-origin isolation. */
async function withoutIsolation(context: BrowserContext): Promise<void> {
  await context.route('**/*', async (route) => {
    const response = await route.fetch();
    const kept = Object.entries(response.headers()).filter(
      ([name]) => !/^cross-origin-/.test(name),
    );
    await route.fulfill({ response, headers: Object.fromEntries(kept) });
  });
}

/** In the page and in its worker. */
async function haveGpu(page: Page): Promise<(boolean | undefined)[]> {
  await status(page, /Ready/);
  const worker = page.workers().find((one) => one.url().endsWith('worker.js'));
  const asked = "'gpu' in navigator";
  return Promise.all([page.evaluate<boolean>(asked), worker?.evaluate<boolean>(asked)]);
}

browserSuite(
  'playground: without WebGPU',
  (test, { withPage }) => {
    test('a visitor whose browser finds no adapter trains on all processors and draws', () =>
      withPage('', async (page) => {
        assert.equal(await haveGpu(page), [true, true]);
        await trainAndDraw(page);
        await onAllProcessors(page);
      }));

    test('so does one whose browser has no WebGPU', () =>
      withPage(
        '',
        async (page) => {
          assert.equal(await haveGpu(page), [false, false]);
          await trainAndDraw(page);
          await onAllProcessors(page);
        },
        { before: withoutGpu },
      ));

    test('and one of a page that is not isolated, on one thread, and reads why', () =>
      withPage(
        '',
        async (page) => {
          assert.equal(await haveGpu(page), [false, false]);
          assert.is(await page.evaluate('crossOriginIsolated'), false);
          await trainAndDraw(page);
          const reason = await textOf(page, 'device-reason');
          assert.match(reason, /no GPU adapter, so the CPU: 1 thread.*not cross-origin isolated/);
        },
        {
          before: async (context) => {
            await withoutIsolation(context);
            await withoutGpu(context);
          },
        },
      ));
  },
  { webgpu: false },
);

async function onAllProcessors(page: Page): Promise<void> {
  const processors = await page.evaluate<number>('navigator.hardwareConcurrency');
  const reason = await textOf(page, 'device-reason');
  assert.match(reason, `no GPU adapter, so the CPU: ${processors} thread`);
}
