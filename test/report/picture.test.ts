import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError } from '../../src/errors.ts';
import * as report from '../../src/report/index.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const test = suite('picture');
const picture = report.confusionMatrix([[1]], ['only']);

test('files are SVG or PNG by their names, in the theme asked for', () =>
  inTemporaryFolder(async (folder) => {
    await report.savePicture(join(folder, 'new', 'a.svg'), picture);
    await report.savePicture(join(folder, 'new', 'b.PNG'), picture, { theme: 'dark' });
    assert.equal((await readdir(join(folder, 'new'))).sort(), ['a.svg', 'b.PNG']);
    const svg = await readFile(join(folder, 'new', 'a.svg'), 'utf8');
    assert.is(svg, await report.toSvg(picture, 'light'));
    const png = sharp(join(folder, 'new', 'b.PNG'));
    const { format, width, height } = await png.metadata();
    assert.equal([format, width, height], ['png', picture.width * 2, picture.height * 2]);
    const corner = await png.extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer();
    const background = `#${corner.subarray(0, 3).toString('hex')}`;
    assert.is(background, report.themes.dark.background);
  }));

test('other names and places that cannot be written are refused', () =>
  inTemporaryFolder(async (folder) => {
    const thrown = (file: string) =>
      report.savePicture(file, picture).then(
        () => undefined,
        (error) => error,
      );
    assert.instance(await thrown(join(folder, 'a.jpg')), ArgumentError);
    assert.instance(await thrown(join(folder, 'svg')), ArgumentError);
    await writeFile(join(folder, 'file'), '');
    assert.instance(await thrown(join(folder, 'file', 'a.svg')), DataError);
  }));

/** Runs code in a process in which some packages are not installed; returns what it printed. */
function without(packages: string[], code: string): string {
  const hooks = `export async function resolve(name, context, next) {
    const own = name.split('/')[0];
    if (!${JSON.stringify(packages)}.includes(own)) return next(name, context);
    const error = new Error("Cannot find package '" + own + "' imported from here");
    throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const asUrl = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const flags = ['--import', 'tsx', '--import', asUrl(register), '--input-type=module', '-e', code];
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.is(stderr, '');
  return stdout.trim();
}

const CODE = `
import * as report from './src/report/index.ts';
const picture = report.curves('Loss', 'loss (nats)', []);
const pixels = { pixels: new Uint8Array(1), height: 1, width: 1, channels: 1 };
const said = async (work) => console.log(await work.then(() => 'done', (e) => e.name + ': ' + e.message));
await said(report.toSvg(picture));
await said(report.pngDataUrl(pixels));
`;

test('a missing package is named, with what to do', () => {
  const [svg, png] = without(['echarts', 'sharp'], CODE).split('\n');
  assert.match(svg!, /^MissingPackageError: .*echarts.* to draw pictures .*npm install echarts$/);
  assert.match(png!, /^MissingPackageError: .*sharp.* to write PNG .*npm install sharp$/);
});

test('SVG needs no sharp, and PNG of pixels no echarts; nothing keeps the process alive', () => {
  assert.match(without(['sharp'], CODE), /^done\nMissingPackageError: .*sharp/);
  assert.match(without(['echarts'], CODE), /echarts\ndone$/);
});

test.run();
