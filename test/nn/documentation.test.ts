import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../data/tiny-images.ts';
import { runPage } from '../page.ts';

const test = suite('docs/functional-models.md');

test('its examples run, and print what they say', () =>
  withFolder(async (folder) => {
    const { text, printed } = await runPage('functional-models.md', folder);
    const [, table = ''] = /```\n(Layer .*?)```/s.exec(text) ?? [];
    assert.is(
      printed,
      `[ 5, 10 ] [ 5, 1 ]
[ 3, 1 ]
${table}dense.weight dense.bias digit.weight digit.bias slant.weight slant.bias
[ 2, 16 ]
`,
    );
  }));

test.run();
