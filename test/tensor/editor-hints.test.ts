import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withoutHints } from '../editor-hints.ts';

const test = suite('hints of editors');

test('every method of a tensor and every export shows what it does', () => {
  const { known, silent } = withoutHints(fileURLToPath(new URL('hints.ts', import.meta.url)), {
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node', '@webgpu/types'],
    allowImportingTsExtensions: true,
    noEmit: true,
    paths: { wgrad: [fileURLToPath(new URL('../../src/index.ts', import.meta.url))] },
  });
  assert.ok(known > 300, `${known} are known`);
  assert.equal(silent, []);
});

test.run();
