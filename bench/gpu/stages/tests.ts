// The tests of all kernels, on this GPU's driver: every variant for right values.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Results } from '../results.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export async function run(results: Results): Promise<void> {
  const names = results.dry
    ? ['kernels/gather/gather']
    : [
        'matmul',
        'convolution',
        'reduce',
        'batch-norm',
        'softmax',
        'pooling',
        'gather',
        'optimizers',
      ]
        .map((family) => `kernels/${family}/`)
        .concat('tensor/ops/');
  for (const name of names) {
    await results.piece(`tests of ${name}`, async () => {
      const said = await tests(name, results.left);
      const totals = /(\d+) passed, (\d+) failed\s*$/.exec(said);
      if (totals === null) throw new Error(`the tests did not end: ${said.slice(-300)}`);
      const [passed, failures] = totals.slice(1).map(Number);
      return { passed, failures, failing: said.split('\n').filter((line) => /FAIL|✘/.test(line)) };
    });
  }
}

/** What the tests on WebGPU with this in their path say, for as long as there is time. */
function tests(name: string, seconds: number): Promise<string> {
  const args = ['scripts/test.mjs', name, '--device', 'webgpu'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), Math.max(0, seconds) * 1e3);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(said);
    });
  });
}
