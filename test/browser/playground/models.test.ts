import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, status, textOf } from './playground.ts';

browserSuite('playground: models', (test, { withPage }) => {
  test('a model shows its layers, their shapes and parameters', () =>
    withPage('device=wasm&model=dnn', async (page) => {
      await status(page, /Ready/);
      assert.equal(await rows(page), [
        'flatten|784|',
        'dense|16|12,560',
        'dense|32|544',
        'dense|64|2,112',
        'dense|10|650',
      ]);
      assert.is(await textOf(page, 'parameters'), '15,866');
    }));

  test('layers of a list are shown as they are typed, errors where they stand, and trained', () =>
    withPage('device=wasm&model=custom&batchSize=32', async (page) => {
      await status(page, /Ready/);
      await page.fill('#layers', 'flatten()\ndense(7)\ndense(10)');
      await page.locator('#parameters', { hasText: '5,575' }).waitFor();
      assert.equal(await rows(page), ['flatten|784|', 'dense|7|5,495', 'dense|10|80']);
      await page.fill('#layers', 'flatten()\n dense(0)\ndense(10)');
      await page
        .locator('#layer-list-fault', { hasText: 'Line 2, column 2: dense: units' })
        .waitFor();
      assert.is(await textOf(page, 'layer-list-excerpt'), ' dense(0)\n ^');
      assert.is(await page.getAttribute('#layers', 'aria-invalid'), 'true');
      await page.fill('#layers', 'flatten()\ndense(10)');
      await page.locator('#parameters', { hasText: '7,850' }).waitFor();
      assert.is(await textOf(page, 'layer-list-fault'), '');
      await page.press('#layers', 'Tab');
      await page.waitForURL(/layers=flatten/);
      await status(page, /Ready/);
      await page.click('#step');
      await status(page, /Paused after 1 step/);
    }));
});

function rows(page: Page): Promise<string[]> {
  return page.evaluate(
    `[...document.querySelectorAll('#layer-rows tr')].map((row) => [...row.cells].map((cell) => cell.textContent).join('|'))`,
  );
}
