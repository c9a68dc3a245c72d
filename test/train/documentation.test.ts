import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { runPage } from '../page.ts';

const test = suite('docs/training.md');

test('its examples run, print what they say and write what they should', () =>
  withFolder(async (folder) => {
    const { printed } = await runPage('training.md', folder);
    const [first, ...others] = printed.trim().split('\n');
    assert.match(first!, /^finished 0\.\d+$/);
    assert.equal(others, [
      'true',
      'true',
      'true',
      '65536',
      'epoch loss accuracy top3 lr seconds',
      'epoch loss quadrantLoss quadrantAccuracy radiusLoss lr seconds',
      '3',
      'true',
      '4 4 4',
      'stopped',
      '[ 1, 2, 3, 4 ]',
      'true 1000',
    ]);
    const files = (await readdir(join(folder, 'run'))).filter((name) => !name.includes('tfevents'));
    assert.equal(files.sort(), [
      'best.safetensors',
      'epoch-2.safetensors',
      'epoch-4.safetensors',
      'history.csv',
      'history.jsonl',
      'last.safetensors',
    ]);
  }));

test.run();
