// The TypeScript of docs/keras.md: its training runs, and its models are those of the reports.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { io, type nn } from '../../../src/index.ts';
import { withFolder, writeTiny } from '../../data/tiny-images.ts';

const test = suite('docs/keras.md');

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFile(join(root, path), 'utf8');
const address = (path: string) => pathToFileURL(join(root, path)).href;

const page = await read('docs/keras.md');
const [guide, models] = page.split('\n## The models\n') as [string, string];

/** The blocks of TypeScript, importing the sources. */
function scriptsOf(text: string): string[] {
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);
}

const runnable = (code: string) => code.replace("'wgrad'", `'${address('src/index.ts')}'`);

/** Weights of the page's network as its Python saves them. */
function theirs(): Map<string, io.HostTensor> {
  const widths = [784, 16, 32, 64, 10];
  const zeros = (shape: number[]): io.HostTensor => {
    const size = shape.reduce((a, b) => a * b);
    return { shape, dtype: 'f32', data: new Float32Array(size) };
  };
  const entries = widths
    .slice(1)
    .flatMap((units, i) => [
      [`layers.${i + 1}.weight`, zeros([widths[i]!, units])] as const,
      [`layers.${i + 1}.bias`, zeros([units])] as const,
    ]);
  return new Map(entries);
}

test('its training runs, keeps the weights and takes those of Keras', () =>
  withFolder(async (folder) => {
    await writeTiny(join(folder, 'mnist'));
    await io.writeSafetensors(join(folder, 'theirs.safetensors'), theirs());
    const last =
      "\nconsole.log('then', ...(await predict(model, test.take(1))), classes.length);\n";
    await writeFile(join(folder, 'script.mts'), runnable(scriptsOf(guide).join('\n')) + last);
    const loaders = [import.meta.resolve('tsx'), address('scripts/wgsl-loader.mjs')];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders.flatMap((loader) => ['--import', loader]), 'script.mts'],
      { cwd: folder, env: { ...process.env, WGRAD_DATA: folder } },
    );
    assert.match(stdout, 'Total params: 15,866');
    assert.match(stdout, /\n[1-5] \{ loss: \d+\.\d+, accuracy: [\d.]+ \}\n/);
    assert.match(stdout, `then ${'0 '.repeat(10)}2\n`);
    const saved = await io.readSafetensors(join(folder, 'dnn.safetensors'));
    assert.equal([...saved.tensors.keys()], [...theirs().keys()]);
    await io.readSafetensors(join(folder, 'best.safetensors'));
  }));

/** A module without its documentation. */
function withoutComments(source: string): string {
  return source.replace(/^ *\/\*\*.*?\*\/\n/gms, '').trim();
}

const sections = models.split(/^### /m).slice(1);

test('it has all models of the reports', async () => {
  const registry = await read('experiments/models/registry.ts');
  const files = [...registry.matchAll(/from '(\.[./\w-]+\.ts)'/g)].map(([, file = '']) =>
    join('experiments/models', file),
  );
  const onPage = sections.map((section) => section.split('\n')[0]);
  assert.ok(files.length >= 10);
  assert.equal(onPage.toSorted(), files.toSorted());
});

for (const section of sections) {
  const file = section.split('\n', 1)[0] as string;

  test(`${file} is there as it is, and has the parameters it says`, () =>
    withFolder(async (folder) => {
      const [code = ''] = scriptsOf(section);
      assert.fixture(code.trim(), withoutComments(await read(file)));
      const module = join(folder, `${basename(file, '.ts')}.mts`);
      await writeFile(module, runnable(code));
      const built = (await import(pathToFileURL(module).href)) as Record<string, () => nn.Layer>;
      const image = /(\d+) × (\d+) × (\d+)/.exec(section)?.slice(1).map(Number) as number[];
      const claims = [...section.matchAll(/`(\w+)\(\)` ([\d,]+\d)/g)];
      assert.ok(claims.length > 0);
      for (const [, name, count] of claims) {
        const { parameterCount } = built[name as string]!().build(image);
        assert.is(parameterCount.toLocaleString('en-US'), count);
      }
    }));
}

test.run();
