import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, status, textOf } from './playground.ts';
import { trainAndDraw } from './visitor.ts';

browserSuite('playground: drawing', (test, { withPage }) => {
  test('a visitor trains by one click and draws digits that are recognised', () =>
    withPage('', async (page) => {
      await trainAndDraw(page);
      assert.is(await page.locator('#probabilities tr').count(), 10);
      assert.match(await textOf(page, 'probabilities'), /^0[\d.]+ %1[\d.]+ %/);
      await page.click('#clear');
      await page.locator('#answer', { hasText: 'Nothing is drawn' }).waitFor();
    }));

  test('so does one whose browser trains on WebGPU', () =>
    withPage('device=webgpu&model=dnn&epochs=6', async (page) => {
      await trainAndDraw(page);
      assert.match(await textOf(page, 'device-reason'), /through WebGPU/);
    }));

  test('fingers draw, and the page does not move under them', () =>
    withPage(
      'device=wasm&model=dnn',
      async (page) => {
        await status(page, /Ready/);
        await page.locator('#pad').scrollIntoViewIfNeeded();
        const box = await page.locator('#pad').boundingBox();
        await page.touchscreen.tap((box?.x ?? 0) + 50, (box?.y ?? 0) + 50);
        await page.locator('#answer', { hasText: 'It reads' }).waitFor();
        assert.is(
          await page.evaluate("getComputedStyle(document.querySelector('#pad')).touchAction"),
          'none',
        );
      },
      { hasTouch: true, viewport: { width: 360, height: 740 } },
    ));

  test('keys draw, and a test image takes the place of a drawing', () =>
    withPage('device=wasm&model=dnn', async (page) => {
      await status(page, /Ready/);
      await page.focus('#pad');
      await page.keyboard.press('ArrowDown');
      assert.match(await textOf(page, 'answer'), /Nothing/, 'the pen is up');
      await page.keyboard.press(' ');
      for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowDown');
      await page.locator('#answer', { hasText: 'It reads' }).waitFor();
      const drawn = await seen(page);
      assert.ok(drawn > 0.05 && drawn < 0.2, `${drawn} of the image is ink`);
      await page.keyboard.press('Delete');
      await page.locator('#answer', { hasText: 'Nothing' }).waitFor();
      await page.click('#sample');
      await page.locator('#answer', { hasText: 'It reads' }).waitFor();
      assert.ok((await seen(page)) > 0.05);
    }));
});

/** The share of ink in what the network sees. */
function seen(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const { data } = document.querySelector('#seen').getContext('2d').getImageData(0, 0, 28, 28);
    return data.reduce((sum, value, i) => sum + (i % 4 === 0 ? 255 - value : 0), 0) / 255 / 784;
  })()`);
}
