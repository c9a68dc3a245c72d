import type { Page, Worker } from 'playwright-core';
import * as assert from 'uvu/assert';
import { browserSuite, figure, status, textOf } from './playground.ts';

browserSuite('playground: recovery', (test, { withPage }) => {
  test('training on a GPU goes on from its last weights after device.destroy()', () =>
    withPage('device=wasm&model=dnn&batchSize=128&epochs=1000', async (page) => {
      await status(page, /Ready/);
      const worker = workerOf(page);
      await worker.evaluate(`{
        const { prototype } = GPUAdapter;
        const { requestDevice } = prototype;
        prototype.requestDevice = async function (...args) {
          return (globalThis.lent = await requestDevice.apply(this, args));
        };
      }`);
      await page.selectOption('#device', 'webgpu');
      await page.locator('#device-reason', { hasText: 'through WebGPU' }).waitFor();
      await status(page, /Ready/);
      await lose(page, () => worker.evaluate('void lent.destroy()'));
      assert.match(await textOf(page, 'device-reason'), /through WebGPU/);
    }));

  test('training on the CPU goes on after its threads have ended', () =>
    withPage('device=webgpu&model=dnn&epochs=1000', async (page) => {
      await status(page, /Ready/);
      const worker = workerOf(page);
      await worker.evaluate(`{
        globalThis.lent = [];
        globalThis.Worker = class extends Worker {
          constructor(...args) { super(...args); lent.push(this); }
        };
      }`);
      await page.selectOption('#device', 'wasm');
      await page.locator('#device-reason', { hasText: 'so the CPU' }).waitFor();
      await status(page, /Ready/);
      await lose(page, () =>
        worker.evaluate('lent.splice(0).forEach((thread) => thread.terminate())'),
      );
    }));

  test('a tab that was frozen goes on', () =>
    withPage('device=wasm&model=dnn&epochs=1000', async (page) => {
      await status(page, /Ready/);
      await page.click('#train');
      await stepsAfter(page, 50);
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 500));
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await stepsAfter(page, (await figure(page, 'step-number')) + 50);
    }));

  test('a tab that the browser had put away has its settings and weights again', () =>
    withPage('device=wasm&model=dnn&epochs=3&seed=5', async (page) => {
      await status(page, /Ready/);
      await page.click('#train');
      await status(page, /Done after 282/);
      await see(page, 'test');
      await page.locator('#test-facts', { hasText: 'after 282 steps' }).waitFor();
      const [wrong = ''] = /^.* wrong \(.*\)/.exec(await textOf(page, 'test-facts')) ?? [];
      await page.evaluate(`{
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        document.dispatchEvent(new Event('visibilitychange'));
      }`);
      await page.waitForFunction(IS_KEPT);
      await page.addInitScript(
        "Object.defineProperty(Document.prototype, 'wasDiscarded', { value: true })",
      );
      await page.goto(page.url().replace(/#.*/, ''));
      await page.reload();
      await page.locator('#notice', { hasText: 'had put this page away' }).waitFor();
      assert.is(await page.inputValue('#seed'), '5');
      await see(page, 'test');
      await page.locator('#test-facts', { hasText: wrong }).waitFor();
    }));
});

/** Whether the page has kept its settings and weights; it makes the database first, with its store. */
const IS_KEPT = `indexedDB.databases().then(async (all) => {
  if (!all.some(({ name }) => name === 'wgrad-playground')) return false;
  const result = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const database = await result(indexedDB.open('wgrad-playground'));
  const kept = await result(database.transaction('kept').objectStore('kept').get('last'));
  database.close();
  return kept !== undefined;
})`;

/** Loses the device in the middle of a training, which is to go on, and to be as good as before. */
async function lose(page: Page, loseDevice: () => Promise<unknown>): Promise<void> {
  await page.click('#train');
  await page.waitForFunction(
    "parseFloat(document.querySelector('#test-accuracy').textContent) > 60",
  );
  // A copy of the weights is made before a training that was paused goes on.
  await page.click('#pause');
  await status(page, /Paused/);
  const before = await figure(page, 'step-number');
  await page.click('#train');
  await stepsAfter(page, before + 1);
  await loseDevice();
  await page.locator('#notice', { hasText: 'The device was lost' }).waitFor();
  const steps = await figure(page, 'step-number');
  await stepsAfter(page, steps + 1);
  assert.ok((await figure(page, 'accuracy')) > 50, 'it begins anew with random weights');
  await page.click('#pause');
  await status(page, /Paused/);
  assert.ok((await figure(page, 'step-number')) > steps);
}

function stepsAfter(page: Page, steps: number): Promise<unknown> {
  return page.waitForFunction(
    `Number(document.querySelector('#step-number').textContent.replaceAll(',', '')) >= ${steps}`,
  );
}

function workerOf(page: Page): Worker {
  const worker = page.workers().find((one) => one.url().endsWith('worker.js'));
  if (!worker) throw new Error('The page has no worker.');
  return worker;
}

function see(page: Page, id: string): Promise<void> {
  return page.locator(`#${id}`).scrollIntoViewIfNeeded();
}
