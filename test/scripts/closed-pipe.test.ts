import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('closed pipes');

test('npm test ends quietly where nobody reads on', async () => {
  // The second file still has much to say when this process, which may be slow, has read of the first.
  const names = ['arguments', 'tensor/ops/unary'];
  const child = spawn(process.execPath, ['scripts/test.mjs', ...names, '--device', 'wasm']);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  assert.is(code, 141, 'as a program that SIGPIPE ended');
  assert.not.match(errors, /EPIPE|^ {4}at /m);
});

test.run();
