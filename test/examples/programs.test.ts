// The programs of examples/ that are a file each, run as a user runs them.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { launchers, ranks, script } from '../distributed/mpirun.ts';
import { ScriptProcess } from './script-process.ts';
import { serves } from './serving.ts';

const test = suite('the examples');
const examples = new URL('../../examples/', import.meta.url);

/** What a program prints. */
async function printed(name: string, ...args: string[]): Promise<string> {
  const { code, said, stdout } = await new ScriptProcess(`examples/${name}.ts`, args).ended;
  assert.is(code, 0, said);
  return stdout;
}

/** The number behind some words of a text. */
function numberIn(text: string, words: RegExp): number {
  return Number(new RegExp(`${words.source}(-?[\\d.]+)`).exec(text)?.[1]);
}

/** The numbers of the line that starts with some words. */
function row(text: string, start: string): number[] {
  const line = text.split('\n').find((line) => line.startsWith(start)) ?? '';
  return line.slice(start.length).trim().split(/\s+/).map(Number);
}

const programs: Record<string, () => Promise<void>> = {
  async 'loop-by-hand'() {
    const text = await printed('loop-by-hand');
    const losses = [1, 2, 3].map((epoch) => numberIn(text, new RegExp(`epoch ${epoch}: loss `)));
    assert.ok(losses[2]! < losses[1]! && losses[1]! < losses[0]!, text);
    assert.ok(numberIn(text, /accuracy on 1000 new digits: /) > 0.8, text);
  },
  async 'custom-layer'() {
    const text = await printed('custom-layer');
    assert.match(text, 'layers.2.scale, layers.2.inner.weight, layers.2.inner.bias');
    assert.ok(numberIn(text, /accuracy on 500 new digits: /) > 0.8, text);
    const scales = row(text, 'mean scale of each block:');
    assert.is(scales.length, 20);
    assert.ok(
      scales.every((scale) => scale > 0.01), // they were 0 at first
      text,
    );
  },
  async 'custom-op'() {
    const text = await printed('custom-op');
    assert.match(text, 'the gradient of mish is right');
    assert.is(numberIn(text, /kernels run for mish: /), 1);
    const softplus = (x: number) => Math.log(1 + Math.exp(x));
    const xs = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
    for (const [i, value] of row(text, 'mish').entries()) {
      assert.ok(Math.abs(value - xs[i]! * Math.tanh(softplus(xs[i]!))) < 0.006, text);
    }
    assert.equal(row(text, 'binarized'), [-1, -1, -1, -1, 0, 1, 1, 1, 1]);
    const slopes = text.trim().split('\n').at(-1)!;
    assert.equal(row(slopes, 'slope'), [0, 0, 1, 1, 1, 1, 1, 0, 0]);
  },
  async 'images-from-a-folder'() {
    const text = await printed('images-from-a-folder');
    assert.match(text, /^600 pictures of 10 classes in /);
    assert.ok(numberIn(text, /accuracy on 120 pictures held back: /) > 0.8, text);
    await withFolder(async (folder) => {
      for (const background of ['black', 'white']) {
        await mkdir(join(folder, background));
        for (let i = 0; i < 10; i++) {
          const blank = sharp({ create: { width: 20 + i, height: 9, channels: 3, background } });
          await blank.toFile(join(folder, background, `${i}.jpg`));
        }
      }
      const own = await printed('images-from-a-folder', folder);
      assert.match(own, `20 pictures of 2 classes in ${folder}`);
      assert.is(numberIn(own, /accuracy on 4 pictures held back: /), 1, own);
      assert.is((await readdir(folder)).length, 2);
    });
  },
  async resume() {
    const text = await printed('resume');
    assert.match(text, 'finished after 128 steps; whole epochs so far: 4');
    assert.match(text, 'interrupted after 75 steps; whole epochs so far: 2');
    assert.match(text, 'finished after 53 steps; whole epochs so far: 4');
    assert.match(text, 'the same weights: true');
  },
  async 'char-transformer'() {
    const text = await printed('char-transformer', '30');
    assert.match(text, /characters, 24 different ones/);
    assert.ok(numberIn(text, /step 30: loss /) < 2.6, text);
    assert.match(text, /\n\nThe .{200,}/);
  },
  async 'lstm-forecast'() {
    const text = await printed('lstm-forecast', '2');
    const error = numberIn(text, /12 hours ahead: /);
    assert.ok(error < 0.7 * numberIn(text, /as a day before: /), text);
  },
  async 'regression-from-csv'() {
    const text = await printed('regression-from-csv', '5');
    const error = numberIn(text, /mean error on 400 houses not seen: /);
    assert.ok(error < 0.25 * numberIn(text, /of their mean price as the guess: /), text);
  },
  async 'k-fold'() {
    const text = await printed('k-fold', '3');
    const folds = row(text, '5 folds:');
    assert.is(folds.length, 5);
    assert.ok(
      folds.every((accuracy) => accuracy > 0.4), // by chance 0.1
      text,
    );
    const mean = folds.reduce((sum, accuracy) => sum + accuracy) / 5;
    assert.ok(Math.abs(mean - numberIn(text, /mean of the folds: /)) < 0.001, text);
    const deviation = Math.hypot(...folds.map((accuracy) => accuracy - mean)) / 2;
    assert.ok(Math.abs(deviation - numberIn(text, /standard deviation /)) < 0.001, text);
    assert.ok(numberIn(text, /one split, accuracy on 60 digits: /) > 0.4, text);
    assert.ok(numberIn(text, /accuracy on 2000 new digits: /) > 0.5, text);
  },
  serve: serves,
  async distributed() {
    const example = script(join(fileURLToPath(examples), 'distributed.ts'));
    for (const size of launchers.length > 0 ? [0, 2] : [0]) {
      await withFolder(async (folder) => {
        const { code, stdout: text, stderr } = await ranks(size, example, ['1', folder]);
        assert.is(code, 0, stderr);
        const told = [...text.matchAll(/^rank (\d): (\d+) images, computing \d+ %/gm)];
        const counts = told.map(([, rank, images]) => [Number(rank), Number(images)]);
        assert.equal(
          counts,
          size === 2
            ? [
                [0, 2000],
                [1, 2000],
              ]
            : [[0, 4000]],
          text,
        );
        assert.ok(numberIn(text, /accuracy on 500 new digits: /) > 0.5, text);
        const page = await readFile(/^page: (.*)$/m.exec(text)?.[1] ?? '', 'utf8');
        assert.is(page.match(/<th scope="row">\d on /g)?.length, Math.max(1, size));
        assert.match(page, 'Ranks</h2>');
      });
    }
  },
  async vae() {
    await withFolder(async (folder) => {
      const picture = join(folder, 'samples.svg');
      const text = await printed('vae', '3', picture);
      const [first, last] = [1, 3].map((epoch) => {
        return numberIn(text, new RegExp(`epoch ${epoch}: reconstruction `));
      });
      assert.ok(last! < 0.8 * first!, text);
      assert.ok(numberIn(text, /epoch 3: .*, KL /) > 5, text); // places say which digit it is
      assert.is((await readFile(picture, 'utf8')).match(/<image /g)?.length, 32);
    });
  },
  async 'gradient-penalty'() {
    const text = await printed('gradient-penalty', '300');
    const distance = (step: number) => numberIn(text, new RegExp(`step ${step}: distance `));
    assert.ok(distance(300) < 0.5 * distance(30), text);
    const counts = row(text, 'points of 1000 by mode:');
    assert.is(counts.length, 8);
    assert.ok(
      counts.every((count) => count > 0), // at first all points lie about the middle
      text,
    );
  },
  async dqn() {
    const text = await printed('dqn', '120');
    const first = numberIn(text, /mean length of the first 20 episodes: /);
    assert.ok(numberIn(text, /mean length of the last 20 episodes: /) > 2 * first, text);
  },
  async transfer() {
    const text = await printed('transfer', '5');
    const found = [/from scratch, .*: /, /frozen base, accuracy: /, /fine-tuned, accuracy: /].map(
      (words) => numberIn(text, words),
    );
    assert.ok(found[1]! > 0.5 && found[2]! > 0.5, text);
    assert.is(found.filter(Number.isFinite).length, 3, text);
  },
  async 'two-headed-model'() {
    const text = await printed('two-headed-model', '2');
    assert.match(text, /digit +\(None, 10\)/);
    assert.match(text, /ink +\(None, 1\)/);
    assert.ok(numberIn(text, /accuracy on 1000 new digits: /) > 0.8, text);
    assert.ok(numberIn(text, /in per cent of the picture: /) < 2, text);
  },
  async 'u-net'() {
    await withFolder(async (folder) => {
      const picture = join(folder, 'predictions.svg');
      const text = await printed('u-net', '1', picture);
      const guess = numberIn(text, /with all taken for background: /);
      assert.ok(numberIn(text, /on 200 new pictures: /) > 1.5 * guess, text);
      assert.is((await readFile(picture, 'utf8')).match(/<image /g)?.length, 24);
    });
  },
  async gan() {
    await withFolder(async (folder) => {
      const picture = join(folder, 'samples.svg');
      const text = await printed('gan', '3', picture);
      const [first, last] = [1, 3].map((epoch) =>
        numberIn(text, new RegExp(`epoch ${epoch}: discriminator `)),
      );
      // At first the drawings are easily told from digits; then the generator catches up.
      assert.ok(first! < last! && last! < 2 * Math.LN2, text);
      assert.is(row(text, 'drawings of each digit that a classifier is sure of:').length, 10);
      assert.ok(numberIn(text, /in all, of 1000: /) > 10, text);
      assert.ok(numberIn(text, /of 1000 real digits: /) > 800, text);
      assert.is((await readFile(picture, 'utf8')).match(/<image /g)?.length, 32);
    });
  },
  async 'onnx-out-and-in'() {
    const text = await printed('onnx-out-and-in', '2');
    assert.ok(Number(/difference of 5000 logits: ([\d.e+-]+)/.exec(text)?.[1]) < 1e-4, text);
    assert.ok(numberIn(text, /inverted digits: /) < 0.4, text);
    assert.ok(numberIn(text, /before, /) > 0.8, text);
  },
};

for (const [name, check] of Object.entries(programs)) {
  test(`${name} prints what it promises`, check);
}

test('a program ends quietly where nobody reads on', async () => {
  const program = new ScriptProcess('examples/loop-by-hand.ts', []);
  await program.says(/epoch 1/);
  program.child.stdout?.destroy();
  const { code, stderr } = await program.ended;
  assert.is(code, 141, 'as a program that SIGPIPE ended');
  assert.not.match(stderr, /EPIPE|^ {4}at /m);
});

test('all of them are tested and have a line in the README', async () => {
  const files = (await readdir(examples)).filter((file) => file.endsWith('.ts')).sort();
  assert.equal(
    files,
    Object.keys(programs)
      .map((name) => `${name}.ts`)
      .sort(),
  );
  const readme = await readFile(new URL('README.md', examples), 'utf8');
  for (const file of files) assert.match(readme, `[${file}](${file})`);
});

test.run();
