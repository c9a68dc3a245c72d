// The other libraries on the same steps and the same GPU: TensorFlow.js and jax-js through the bench,
// PyTorch where Python has it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { models } from '../../models.ts';
import type { Report } from '../../report.ts';
import { spread } from '../../statistics.ts';
import type { Results } from '../results.ts';

const bench = fileURLToPath(new URL('../../main.ts', import.meta.url));
const torch = fileURLToPath(new URL('../torch_steps.py', import.meta.url));

export async function run(results: Results): Promise<void> {
  const works = results.dry
    ? ['^matMul 128x784x16$']
    : [
        'train step .* batch 128',
        '^matMul 1024',
        '^conv2d.*32x13x13',
        'batch 32$',
        '^softmax',
        '^sum',
      ];
  for (const only of works) {
    await results.piece(`bench of ${only}`, () => benchOf(only, results));
  }
  await results.piece('PyTorch', async () => {
    const input = JSON.stringify({ models, batches: [32, 128, 1024] });
    const said = await outputOf('python3', [torch], results.left, input);
    return {
      steps: said
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    };
  });
}

/** Medians in milliseconds, by case and peer. */
async function benchOf(only: string, { dry, left }: Results) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-gpu-'));
  try {
    const json = join(folder, 'report.json');
    const effort = dry ? ['--rounds', '1', '--time', '0.02'] : ['--rounds', '3', '--time', '0.3'];
    const peers = ['--peers', 'wgrad-webgpu,tfjs-webgpu,jax-js-webgpu'];
    const args = [...process.execArgv, bench, ...peers, '--only', only, ...effort, '--json', json];
    await outputOf(process.execPath, args, left);
    const report: Report = JSON.parse(await readFile(json, 'utf8'));
    const peersOf = new Map<string, Record<string, unknown>>();
    for (const result of report.results) {
      const ms = 'cannot' in result ? result.cannot : spread(result.samplesMs).median;
      peersOf.set(result.case, { ...peersOf.get(result.case), [result.peer]: ms });
    }
    return { ms: Object.fromEntries(peersOf) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a program prints. @throws Error where it fails or takes longer than there is time */
function outputOf(command: string, args: readonly string[], seconds: number, input = '') {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), Math.max(0, seconds) * 1e3);
  let [printed, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-400);
  });
  // A program that is not there reads nothing.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ended with ${signal ?? `code ${code}`}: ${errors}`));
    });
  });
}
