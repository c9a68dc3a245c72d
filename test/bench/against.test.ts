// `npm run bench -- --against`: another checkout of wgrad joins as a peer. No time is looked at.
import { basename } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../checkout-copy.ts';
import { ScriptProcess } from '../examples/script-process.ts';

const test = suite('bench --against');

test('the other checkout has its own line beside this one', async () => {
  const quick = ['--rounds', '1', '--time', '0.01', '--only', '^matMul 128x784'];
  const args = ['--peers', 'wgrad-wasm', '--against', root, ...quick];
  const { code, stdout } = await new ScriptProcess('bench/main.ts', args).ended;
  assert.is(code, 0);
  assert.match(stdout, /^matMul 128x784x16 +wgrad-wasm +[\d.]+/m);
  const other = stdout.split('\n').find((line) => line.trim().startsWith(`${basename(root)}@`));
  assert.match(other ?? '', /@\S+-wasm /);
});

test('a folder without wgrad is refused by name', async () => {
  const { code, stderr } = await new ScriptProcess('bench/main.ts', ['--against', '/']).ended;
  assert.is(code, 1);
  assert.match(stderr, '/ is no checkout of wgrad: it has no src/index.ts');
});

test.run();
