import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { runPage } from '../page.ts';

const test = suite('docs/distributed.md');

test('its examples run as one rank', () =>
  withFolder(async (folder) => {
    const { printed } = await runPage('distributed.md', folder);
    assert.equal(printed.match(/^(1 ranks|finished)$/gm), ['1 ranks', 'finished']);
  }));

test.run();
