// The pages as people see them, on a phone and on a wide screen, in both themes.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as report from '../../src/report/index.ts';
import { writeJson } from '../../src/report/json-file.ts';
import { seriousFindings } from '../browser/axe.ts';
import { findChromium, launch } from '../browser/chromium.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('report pages in Chromium');
const executable = findChromium();
let browser: Browser;
test.before(async () => {
  if (executable) browser = await launch(executable);
});
test.after(() => browser?.close());

const CLASSES = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Bag'];
const SUMMARY = `Layer      Output shape        Param #
──────────────────────────────────────
conv2d     (None, 26, 26, 32)      320
dense      (None, 10)           36,928
──────────────────────────────────────
Total params: 37,248`;

/** A run with all there is to show; without metrics it was killed. */
async function run(root: string, name: string, isKilled: boolean): Promise<string> {
  const folder = await report.createRun(root, name, {
    command: `npm run mnist -- --model convnet --runs ${'folder/'.repeat(12)}`,
    dataset: 'mnist (here)',
    device: 'CPU: 2 threads, WebAssembly SIMD with FMA',
    optimizer: 'adam',
    parameters: 37248,
    seed: 0,
    lr: 0.001,
    batchSize: 32,
    validation: 'test',
    summary: SUMMARY,
  });
  const epochs = [1, 2, 3].map((epoch) => {
    const [loss, accuracy] = [1 / epoch, 1 - 0.1 / epoch];
    return { epoch, loss, accuracy, valLoss: loss, valAccuracy: accuracy, lr: 0.001, seconds: 4.7 };
  });
  await writeJson(join(folder, 'history.json'), epochs);
  if (isKilled) {
    await rm(join(folder, 'owner.json'));
  } else {
    await writeJson(join(folder, 'metrics.json'), {
      status: 'finished',
      accuracy: 0.97,
      macroF1: 0.97,
      logLoss: 0.1,
      classNames: CLASSES,
      confusion: CLASSES.map((_, row) => CLASSES.map((_, column) => (row === column ? 980 : 3))),
      perClass: CLASSES.map(() => ({ precision: 0.9, recall: 0.9, f1: 0.9, support: 1001 })),
      roc: CLASSES.map(() => ({ fpr: [0, 0.01, 1], tpr: [0, 0.99, 1], auc: 0.999 })),
    } satisfies report.RunMetrics);
  }
  await report.writeReport(folder);
  return join(folder, 'report.html');
}

/** What is wrong with how a page fits the window. */
const unfit = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide`);
    for (const table of document.querySelectorAll<HTMLElement>('.wide')) {
      const { scrollWidth, clientWidth, ariaLabel } = table;
      if (scrollWidth > clientWidth) found.push(`${ariaLabel} is cut: ${scrollWidth}`);
    }
    for (const picture of document.querySelectorAll('.picture')) {
      const { scrollWidth, clientWidth, ariaLabel } = picture;
      if (scrollWidth > clientWidth) found.push(`${ariaLabel} is cut: ${scrollWidth}`);
    }
    for (const image of document.querySelectorAll('img')) {
      if (image.offsetParent === null) continue;
      const scale = image.clientWidth / image.naturalWidth;
      if (13 * scale < 11) found.push(`${image.alt} is scaled by ${scale}`);
    }
    for (const element of document.querySelectorAll('body *')) {
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      if (size < 11) found.push(`${element.tagName} is of ${size} px`);
    }
    return found;
  });

test('pages fit a phone and wide screens, no table is cut, no text below 11 pixels', () =>
  inTemporaryFolder(async (root) => {
    if (!executable) return console.log('left out: no Chromium');
    const files = [
      await run(root, '2026-01-02T03-04-05-mnist-convnet', false),
      await run(root, 'killed', true),
    ];
    files.push(await report.writeIndex(root));
    const shown = [360, 800, 1440].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
    );
    for (const { width, colorScheme } of shown) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      const problems: string[] = [];
      page.on('console', (message) => problems.push(message.text()));
      page.on('pageerror', ({ message }) => problems.push(message));
      for (const file of files) {
        await page.goto(pathToFileURL(file).href);
        problems.push(...(await unfit(page)), ...(await seriousFindings(page)));
        assert.equal(problems, [], `${file} at ${width} in ${colorScheme}`);
      }
      await page.close();
    }
  }));

test.run();
