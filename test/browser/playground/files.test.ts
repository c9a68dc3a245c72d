import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { data } from '../../../src/index.ts';
import { ScriptProcess } from '../../examples/script-process.ts';
import { browserSuite, figure, status, textOf } from './playground.ts';

const folder = await mkdtemp(join(tmpdir(), 'wgrad-playground-'));

browserSuite(
  'playground: files',
  (test, { withPage }) => {
    test.after(() => rm(folder, { recursive: true }));

    test('weights go from the page to `npm run mnist`, and back', () =>
      withPage('device=wasm&model=dnn&epochs=4', async (page) => {
        await status(page, /Ready/);
        await page.click('#train');
        await status(page, /Done/);
        const accuracy = (await figure(page, 'test-accuracy')) / 100;
        const saved = join(folder, 'dnn.safetensors');
        const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
        assert.is(download.suggestedFilename(), 'dnn.safetensors');
        await download.saveAs(saved);

        const runs = join(folder, 'runs');
        const still = '--lr 1e-9 --epochs 1 --limit 32 --data synthetic --seed 1 --device wasm';
        const args = [...still.split(' '), '--weights', saved, '--runs', runs];
        const { code, stdout, stderr } = await new ScriptProcess('examples/mnist/main.ts', args)
          .ended;
        assert.is(code, 0, stderr);
        const [, there] = /Test accuracy ([\d.]+)/.exec(stdout) ?? [];
        assert.ok(
          Math.abs(Number(there) - accuracy) < 0.03,
          `${there} in Node, ${accuracy} in the page`,
        );

        await page.click('#reset');
        await status(page, /Ready/);
        const [run = ''] = (await readdir(runs)).filter((name) => name.endsWith('-dnn'));
        await page.setInputFiles('#weights-file', join(runs, run, 'weights.safetensors'));
        await page.locator('#files-status', { hasText: 'has the weights of' }).waitFor();
        await page.locator('#test').scrollIntoViewIfNeeded();
        const right = (100 - 100 * accuracy).toFixed(1);
        await page.locator('#test-facts', { hasText: `(${right} %)` }).waitFor();

        await page.selectOption('#model', 'small-convnet');
        await status(page, /Ready/);
        await page.setInputFiles('#weights-file', saved);
        await page.locator('#files-status', { hasText: 'dnn.safetensors' }).waitFor();
        assert.match(await textOf(page, 'files-status'), /missing|misshapen|unexpected|shape/);
      }));

    test('images come from idx files, packed or not, in any order', () =>
      withPage('device=wasm&model=dnn', async (page) => {
        await status(page, /Ready/);
        const { train, test: others } = idxFiles(300, 60);
        await choose(page, {
          'c.gz': gzipSync(others.labels),
          a: train.images,
          d: train.labels,
          b: others.images,
        });
        await page
          .locator('#data-facts', { hasText: '300 images to train on, 60 to test on.' })
          .waitFor();
        assert.is(await page.inputValue('#data'), 'files');
        await page.click('#step');
        await status(page, /Paused after 1 step/);
        await choose(page, { images: train.images, labels: train.labels });
        await page
          .locator('#data-facts', { hasText: '250 images to train on, 50 to test on.' })
          .waitFor();
      }));

    test('what is no data set is refused with a reason', () =>
      withPage('device=wasm&model=dnn', async (page) => {
        await status(page, /Ready/);
        const { train, test: others } = idxFiles(30, 6);
        const refused = async (files: Record<string, Uint8Array>, why: string) => {
          await choose(page, files);
          await page.locator('#files-status', { hasText: why }).waitFor();
        };
        await refused({ images: train.images, labels: others.labels }, 'no file of 30 labels');
        await refused({ labels: others.labels }, 'No file of images');
        await refused({ cut: train.images.subarray(0, 1000) }, 'cut is truncated');
        await refused({ photo: new Uint8Array(100).fill(9) }, 'photo is not an idx file');
        await page.selectOption('#data', 'files');
        await status(page, /Drop the files of a data set on the page/);
      }));

    test('MNIST comes from the server', async () => {
      const { train, test: others } = idxFiles(120, 30);
      await mkdir(join(folder, 'mnist'));
      for (const [name, bytes] of Object.entries({
        'train-images-idx3-ubyte': train.images,
        'train-labels-idx1-ubyte': train.labels,
        't10k-images-idx3-ubyte': others.images,
        't10k-labels-idx1-ubyte': others.labels,
      })) {
        await writeFile(join(folder, 'mnist', name), bytes);
      }
      await withPage('device=wasm&model=dnn&data=mnist', async (page) => {
        await status(page, /Ready/);
        assert.is(await textOf(page, 'data-facts'), '120 images to train on, 30 to test on.');
      });
    });

    test('a link to the settings is copied', () =>
      withPage(
        'device=wasm&model=dnn&seed=9',
        async (page) => {
          await status(page, /Ready/);
          await page.click('#copy');
          await page.locator('#files-status', { hasText: 'clipboard' }).waitFor();
          assert.match(
            await page.evaluate('navigator.clipboard.readText()'),
            /#model=dnn&seed=9&device=wasm$/,
          );
        },
        { permissions: ['clipboard-read', 'clipboard-write'] },
      ));
  },
  { environment: { WGRAD_DATA: folder } },
);

/** Generated digits in MNIST's format. */
function idxFiles(trainCount: number, testCount: number) {
  const digits = data.syntheticDigits({ train: trainCount, test: testCount, seed: 3 });
  const files = ({ count, images, labels }: data.LabelledImages) => ({
    images: Buffer.concat([Buffer.from([0, 0, 8, 3]), words(count, 28, 28), images]),
    labels: Buffer.concat([Buffer.from([0, 0, 8, 1]), words(count), labels]),
  });
  return { train: files(digits.train), test: files(digits.test) };
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => void bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

function choose(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const mimeType = 'application/octet-stream';
  return page.setInputFiles(
    '#image-files',
    Object.entries(files).map(([name, bytes]) => ({ name, mimeType, buffer: Buffer.from(bytes) })),
  );
}
