import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, status, textOf } from './playground.ts';

const QUICK = 'device=wasm&epochs=1&batchSize=128';

browserSuite('playground: looking inside', (test, { withPage }) => {
  test('test images come wrong ones first, and the confusion matrix counts them', () =>
    withPage(`${QUICK}&model=dnn`, async (page) => {
      await trained(page);
      await see(page, 'test');
      await page.locator('#test-facts', { hasText: 'after 47 steps' }).waitFor();
      const [wrong = 0] = (await textOf(page, 'test-facts')).split(' ').map(Number);
      assert.ok(wrong > 0 && wrong < 600, `${wrong} of 1000 images are wrong`);
      const counts = await numbers(page, '#confusion tbody td');
      assert.is(counts.length, 100);
      assert.is(sum(counts), 1000);
      assert.is(sum(counts.filter((_, i) => i % 11 !== 0)), wrong);
      const labels = page.locator('#test-images button');
      const first = (await labels.first().textContent()) ?? '';
      const [, label, prediction] = /✗ (\d), not (\d)/.exec(first) ?? [];
      assert.ok(label !== prediction, first);
      assert.is(await page.locator('#test-images .wrong').count(), Math.min(wrong, 40));
      await labels.first().click();
      assert.is(await page.evaluate('document.activeElement.id'), 'inside-layer');
    }));

  test('a layer shows what it makes of an image, and its filters', () =>
    withPage(`${QUICK}&model=small-convnet`, async (page) => {
      await status(page, /Ready/);
      await see(page, 'inside');
      await page.locator('#activations-facts', { hasText: '8 of 26 × 26, from −' }).waitFor();
      assert.match(await textOf(page, 'filters-facts'), /^8 of 3 × 3, from −/);
      const layers = await page.locator('#inside-layer option').allTextContents();
      assert.is(layers[2], 'layers.2: conv2d, 11 × 11 × 16');
      const before = await pixels(page, 'activations');
      await page.selectOption('#inside-layer', 'layers.2');
      await page.locator('#activations-facts', { hasText: '16 of 11 × 11' }).waitFor();
      assert.match(await textOf(page, 'filters-facts'), /^48 of 3 × 3/);
      await page.selectOption('#inside-layer', 'layers.1');
      await page.locator('#filters-facts', { hasText: 'no filters' }).waitFor();
      assert.not(await page.locator('#filters').isVisible());
      await page.selectOption('#inside-layer', 'layers.0');
      await page.locator('#activations-facts', { hasText: '8 of 26 × 26' }).waitFor();
      assert.is(await pixels(page, 'activations'), before, 'the same image again');
      await page.selectOption('#inside-layer', 'layers.7');
      await page.locator('#activations-facts', { hasText: '10 of 1 × 1' }).waitFor();
    }));

  test('gradients by layer, with the shortcut and without, are read beside each other', () =>
    withPage(`${QUICK}&model=small-resnet`, async (page) => {
      await trained(page);
      await see(page, 'gradients');
      await page.locator('#first-layers tr', { hasText: 'with its shortcut47 steps' }).waitFor();
      assert.is(await page.locator('#spreads tr').count(), 16);
      assert.is(await page.locator('#spreads .sparkline').count(), 32);
      await page.selectOption('#model', 'small-plain');
      await status(page, /Ready/);
      await trained(page);
      await see(page, 'gradients');
      await page.locator('#first-layers tr', { hasText: 'without it47 steps' }).waitFor();
      const [plain = 0, residual = 0] = await numbers(page, '#first-layers .number');
      assert.ok(plain > 0 && residual > 0, `${plain}, ${residual}`);
      assert.ok(Math.abs(Math.log(plain / residual)) > 0.05, `${plain} and ${residual} differ`);
      assert.is(await page.locator('#spreads tr').count(), 14);
      assert.match(await textOf(page, 'gradient-chart'), /with its shortcut, step 47/);
    }));

  test('what is looked at follows the training', () =>
    withPage(`${QUICK}&model=dnn`, async (page) => {
      await status(page, /Ready/);
      await see(page, 'gradients');
      await page.locator('#first-layers tr', { hasText: '0 steps' }).waitFor();
      const [before] = await numbers(page, '#first-layers .number');
      await page.click('#step');
      await see(page, 'gradients');
      await page
        .locator('#first-layers tr', { hasText: '1 step' })
        .filter({ hasNotText: 'steps' })
        .waitFor();
      assert.is.not((await numbers(page, '#first-layers .number'))[0], before);
    }));
});

async function trained(page: Page): Promise<void> {
  await status(page, /Ready/);
  await page.click('#train');
  await status(page, /Done/);
}

function see(page: Page, id: string): Promise<void> {
  return page.locator(`#${id}`).scrollIntoViewIfNeeded();
}

async function numbers(page: Page, selector: string): Promise<number[]> {
  return (await page.locator(selector).allTextContents())
    .map(Number)
    .filter((x) => !Number.isNaN(x));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pixels(page: Page, id: string): Promise<string> {
  return page.evaluate(`document.getElementById('${id}').toDataURL()`);
}
