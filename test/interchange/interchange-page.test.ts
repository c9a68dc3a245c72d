// The scripts of docs/interchange.md, as they stand there, run one after the other in a folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classNames } from '../../src/interchange/keras/kinds/index.ts';
import { controlFlow } from '../../src/interchange/onnx/import/control-flow.ts';
import { operators } from '../../src/interchange/onnx/import/operators/index.ts';
import { rules } from '../../src/interchange/tfjs/export/rules/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { readPage, runScript } from '../page.ts';

const test = suite('docs/interchange.md');

test('its scripts run and leave and print what it says', () =>
  withFolder(async (folder) => {
    const { examples } = await readPage('interchange.md');
    const printed: string[] = [];
    for (const code of examples) printed.push(await runScript(code, folder));
    assert.match(printed[0] ?? '', /\[ 5, 10 \]/);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.onnx'));
    assert.equal(files.sort(), ['digits.onnx', 'score.onnx']);
    assert.equal(await readdir(join(folder, 'digits-tfjs')), [
      'group1-shard1of1.bin',
      'model.json',
    ]);
  }));

test('it lists the operators that are read', async () => {
  const { text } = await readPage('interchange.md');
  const [, list = ''] = /use these:\n\n(.*?)\.\n/s.exec(text) ?? [];
  assert.equal(list.split(/,\s+/), [...operators.keys(), ...Object.keys(controlFlow)].sort());
});

test('it lists the classes of layers that are read', async () => {
  const { text } = await readPage('interchange.md');
  const [, list = ''] = /classes are read:\n\n(.*?)\.\n/s.exec(text) ?? [];
  assert.equal(list.split(/,\s+/), classNames);
});

test('it lists the layers that are written for TensorFlow.js', async () => {
  const { text } = await readPage('interchange.md');
  const [, list = ''] = /layers are written:\n\n(.*?),\s+and those/s.exec(text) ?? [];
  const made = ['identity', 'model', 'sequential'];
  assert.equal(list.split(/,\s+/), [...rules.keys(), ...made].sort());
});

test.run();
