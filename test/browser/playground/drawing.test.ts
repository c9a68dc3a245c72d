import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, status, textOf } from './playground.ts';

/** Digits as people write them: lines of points in a square of side 1. */
const DIGITS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  '1': [
    [0.5, 0.15],
    [0.5, 0.85],
  ],
  '7': [
    [0.25, 0.2],
    [0.75, 0.2],
    [0.45, 0.85],
  ],
  '0': Array.from({ length: 25 }, (_, i) => [
    0.5 + 0.2 * Math.sin((i / 24) * 2 * Math.PI),
    0.5 - 0.33 * Math.cos((i / 24) * 2 * Math.PI),
  ]),
};

async function drawByMouse(page: Page, digit: string): Promise<void> {
  await page.click('#clear');
  const box = await page.locator('#pad').boundingBox();
  if (!box) throw new Error('There is no pad.');
  const [first, ...rest] = (DIGITS[digit] ?? []).map(
    ([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const,
  );
  if (!first) throw new Error(`Nobody knows how to draw ${digit}.`);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 4 });
  await page.mouse.up();
}

/** The first-time visitor: a click, then a drawing. */
async function trainAndDraw(page: Page): Promise<void> {
  await status(page, /Ready/);
  await page.click('#train');
  await status(page, /Done/);
  for (const digit of Object.keys(DIGITS)) {
    await drawByMouse(page, digit);
    await page.locator('#answer', { hasText: `It reads: ${digit}` }).waitFor();
  }
}

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
