// The programs of examples/ that are a file each, run as a user runs them.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { ScriptProcess } from './script-process.ts';

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
