import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script that uses the library; fails where it does not end by itself within 20 s. */
async function run(body: string): Promise<string> {
  const script = `
    import { closeDevice, optim, tensor, Variable } from './src/index.ts';
    const x = tensor([1, 2, 3]);
    ${body}
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      'tsx',
      '--import',
      './scripts/wgsl-loader.mjs',
      '--input-type=module',
      '--eval',
      script,
    ],
    { cwd: root, timeout: 20_000 },
  );
  return stdout.trim();
}

test('a program that closes its device ends', async () => {
  const script = 'console.log(String(await x.mul(2).data())); closeDevice();';
  assert.is(await run(script), '2,4,6');
});

test('a program that forgets to close its device ends', async () => {
  const script = `
    const v = new Variable(x);
    const optimizer = optim.adam([v]);
    for (let i = 0; i < 3; i++) await optimizer.step(v.value.square().sum());
    console.log(v.size, (await v.data()).length);
  `;
  assert.is(await run(script), '3 3');
});

test('a program that does not wait for its last result sees it nevertheless', async () => {
  const script = 'void x.mul(3).data().then((data) => console.log(String(data)));';
  assert.is(await run(script), '3,6,9');
});

test('a program that ends with an error says so, and ends', async () => {
  try {
    await run("await x.add(1).data(); throw new Error('of my own');");
    assert.unreachable();
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    assert.is(code, 1);
    assert.match(stderr, /of my own/);
  }
});

test('a program that never computes opens no device', async () => {
  assert.is(await run('console.log(x.mul(2).shape.join());'), '3');
});

test.run();
