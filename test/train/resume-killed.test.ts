import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RandomStream } from '../../src/tensor/random/stream.ts';
import { withFolder } from '../data/tiny-images.ts';

const test = suite('resuming a process that was killed');

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
const SCRIPT = 'test/train/killed-training.ts';

/** Runs the training, and kills it so many milliseconds after it is ready, unless it has ended. */
async function run(file: string, killAfter?: number): Promise<string | undefined> {
  const child: ChildProcess = spawn(process.execPath, [...COMMAND, SCRIPT, file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (killAfter !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  const signal = await new Promise((resolve) => {
    child.on('close', (_, by) => resolve(by));
  });
  clearTimeout(timer);
  if (signal === 'SIGKILL') return undefined;
  return printed.split('\n')[1];
}

test('at random moments: the same bits in the end', () =>
  withFolder(async (folder) => {
    const whole = run(join(folder, 'whole.safetensors'));
    const file = join(folder, 'killed.safetensors');
    const random = new RandomStream(Date.now());
    let outcome = await run(file, random.uniform(20, 100));
    let kills = 0;
    // Later and later, so that it comes to an end on a machine of any speed.
    for (; outcome === undefined; kills++) {
      outcome = await run(file, random.uniform(20, 100) * 2.5 ** (kills + 1));
    }
    assert.ok(kills > 0, 'it was never killed');
    assert.equal(JSON.parse(outcome), JSON.parse((await whole) as string));
  }));

test.run();
