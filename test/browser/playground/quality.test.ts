import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { type Heap, heapOf } from './heap.ts';
import { browserSuite, status } from './playground.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Finds that axe-core makes on a page, the serious and critical ones, with the elements concerned. */
async function seriousFinds(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))`);
}

browserSuite('playground: quality', (test, { withPage }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 800, 1440]) {
      test(`axe-core finds nothing serious at ${width} px, ${colorScheme}, and nothing is cut off`, () =>
        withPage(
          'device=wasm&model=custom&epochs=1&batchSize=256',
          async (page) => {
            await status(page, /Ready/);
            await page.click('#step');
            await status(page, /Paused/);
            await page.fill('#batchSize', 'many');
            await page.fill('#layers', 'dense(');
            await page.locator('#layer-list-fault', { hasText: 'Line 1' }).waitFor();
            await page.evaluate('scrollTo(0, document.body.scrollHeight)');
            await page.locator('#spreads tr').first().waitFor();
            assert.equal(await seriousFinds(page), []);
            assert.is(await page.evaluate('document.documentElement.scrollWidth'), width);
          },
          { colorScheme, viewport: { width, height: 900 } },
        ));
    }
  }

  test('500 steps leave the memory of page, worker and device flat', () =>
    withPage('device=wasm&model=dnn&epochs=1000', async (page) => {
      await status(page, /Ready/);
      await page.click('#train');
      await stepsReach(page, 300);
      const before = await leastHeap(page);
      const given = await page.locator('#memory').textContent();
      await stepsReach(page, (await stepOf(page)) + 500);
      const after = await leastHeap(page);
      for (const place of ['page', 'worker'] as const) {
        const [was, is] = [before[place], after[place]];
        assert.ok(is < was + 1e6, `${was} bytes of the ${place}'s heap became ${is}`);
      }
      assert.is(await page.locator('#memory').textContent(), given);
    }));
});

/** The least of some readings: a chart that is being drawn holds much that is gone a moment later. */
async function leastHeap(page: Page): Promise<Heap> {
  const readings: Heap[] = [];
  while (readings.length < 5) {
    readings.push(await heapOf(page));
    await stepsReach(page, (await stepOf(page)) + 20);
  }
  return {
    page: Math.min(...readings.map((heap) => heap.page)),
    worker: Math.min(...readings.map((heap) => heap.worker)),
  };
}

async function stepsReach(page: Page, steps: number): Promise<void> {
  await page.waitForFunction(`${STEP} >= ${steps}`);
}

const STEP = "Number(document.querySelector('#step-number').textContent.replaceAll(',', ''))";

function stepOf(page: Page): Promise<number> {
  return page.evaluate(STEP);
}
