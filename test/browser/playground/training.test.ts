import * as assert from 'uvu/assert';
import { browserSuite, figure, status, textOf } from './playground.ts';

const QUICK = 'device=wasm&model=dnn';

browserSuite('playground: training', (test, { withPage }) => {
  test('one click trains, and the page shows how it gets on', () =>
    withPage(`${QUICK}&epochs=2`, async (page) => {
      await status(page, /Ready/);
      await page.click('#train');
      const ended = await status(page, /Done/);
      assert.match(ended, /Done after 188 steps\. [\d.]+ % of the test images are right/);
      assert.is(await figure(page, 'step-number'), 188);
      assert.is(await textOf(page, 'epoch-number'), '2 of 2');
      assert.ok((await figure(page, 'loss')) < 1);
      assert.match(await textOf(page, 'loss'), /nats$/);
      assert.ok((await figure(page, 'accuracy')) > 70);
      assert.ok((await figure(page, 'test-accuracy')) > 70);
      assert.match(await textOf(page, 'speed'), /images\/s$/);
      assert.match(await textOf(page, 'memory'), /MB$/);
      assert.ok((await page.locator('#loss-chart path').count()) > 2);
      await page.click('#train');
      assert.match(await status(page, /Done after 376/), /376/);
      assert.is(await textOf(page, 'epoch-number'), '4 of 4');
    }));

  test('it trains step by step, pauses, goes on and starts anew', () =>
    withPage(`${QUICK}&epochs=1000&batchSize=16`, async (page) => {
      await status(page, /Ready/);
      await page.click('#step');
      await status(page, /Paused after 1 step\./);
      const first = await figure(page, 'loss');
      await page.click('#step');
      await status(page, /Paused after 2 steps/);
      await page.click('#train');
      await status(page, /Training/);
      await page.waitForFunction(
        "parseInt(document.querySelector('#step-number').textContent) > 50",
      );
      await page.click('#pause');
      await status(page, /Paused after/);
      const steps = await figure(page, 'step-number');
      await page.waitForTimeout(100);
      assert.is(await figure(page, 'step-number'), steps);
      await page.click('#reset');
      await status(page, /Ready/);
      assert.is(await textOf(page, 'loss'), '–');
      await page.click('#step');
      await status(page, /Paused after 1 step\./);
      assert.is(await figure(page, 'loss'), first, 'the same seed, the same first step');
    }));

  test('WebGPU trains where it is asked for, and the page says what computes', () =>
    withPage('device=webgpu&model=dnn&epochs=1&batchSize=256', async (page) => {
      await status(page, /Ready/);
      const reason = await textOf(page, 'device-reason');
      assert.match(reason, /webgpu was asked for, so .* through WebGPU\./);
      await page.click('#step');
      await status(page, /Paused after 1 step/);
      assert.ok((await figure(page, 'loss')) > 1);
    }));

  test('settings that make no sense are told where they are, and those that do start anew', () =>
    withPage(QUICK, async (page) => {
      await status(page, /Ready/);
      await page.fill('#batchSize', '0');
      await page.press('#batchSize', 'Tab');
      assert.match(await textOf(page, 'batchSize-fault'), /whole number from 1 to 2048/);
      assert.is(await page.getAttribute('#batchSize', 'aria-invalid'), 'true');
      await page.fill('#batchSize', '100');
      await page.selectOption('#optimizer', 'sgd');
      await page.waitForURL(/optimizer=sgd/);
      assert.match(page.url(), /batchSize=100/);
      await status(page, /Ready/);
      assert.is(await page.getAttribute('#lr', 'placeholder'), '0.01');
    }));
});
