// How long a user waits for the first training step: from the start of a fresh Node process to
// the end of one step of batch 32, with no compiled shaders on disk ("cold") and with those of an
// earlier run ("warm"); peers on WebAssembly keep none. One process a time, peers taking turns.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option, program } from 'commander';
import { messageOf } from '../src/cause.ts';
import { finished } from './first-step/finished.ts';
import { models } from './models.ts';
import { defaultPeers } from './peers/default.ts';
import { isReference, isWasm, namesIn, peerNames } from './peers/list.ts';
import { align, writeJson } from './report.ts';
import { spread } from './statistics.ts';

interface Options {
  readonly peers?: readonly string[];
  readonly model: string;
  readonly rounds: number;
  readonly json?: string;
}

interface Run {
  readonly peer: string;
  readonly cache: 'cold' | 'warm' | 'none';
  readonly seconds: number[];
  cannot?: string;
}

const options = program
  .name('npm run bench:first-step --')
  .description('Time process start to the first finished training step of batch 32.')
  .option('--peers <names>', 'comma-separated peers, or all (default: see below)', namesIn)
  .addOption(
    new Option('--model <name>', 'the network').choices(Object.keys(models)).default('convnet'),
  )
  .option('--rounds <n>', 'processes per peer and cache state', positive, 3)
  .option('--json <file>', 'also write every time to this file')
  .addHelpText(
    'after',
    `
Peers: ${peerNames.join(', ')}
Without --peers, those on the kind of device that wgrad chooses on this machine.
The shader cache is Mesa's: on other drivers "cold" may be warm too.`,
  )
  .parse()
  .opts<Options>();

await main();

async function main(): Promise<void> {
  const peers = options.peers ?? (await defaultPeers()).names;
  const runs: Run[] = peers.flatMap((peer) =>
    (isWasm(peer) ? (['none'] as const) : (['cold', 'warm'] as const)).map((cache) => ({
      peer,
      cache,
      seconds: [],
    })),
  );
  // A cache of our own, so that "warm" holds exactly what the same program compiled before.
  const cacheFolder = await mkdtemp(join(tmpdir(), 'first-step-'));
  try {
    for (const run of runs) {
      if (run.cache === 'warm') await attempt(run, cacheFolder, { counts: false });
    }
    for (let round = 0; round < options.rounds; round += 1) {
      for (const run of runs) await attempt(run, cacheFolder, { counts: true });
    }
  } finally {
    await rm(cacheFolder, { recursive: true, force: true });
  }
  process.stdout.write(`${table(runs).join('\n')}\n`);
  for (const { peer, cache, cannot } of runs) {
    if (cannot !== undefined) process.stdout.write(`${peer} ${cache}: ${cannot}\n`);
  }
  const { model, json } = options;
  if (json !== undefined) await writeJson(json, { node: process.version, model, runs });
  // What another library cannot do is a result.
  if (runs.some(({ peer, cannot }) => cannot !== undefined && isReference(peer))) {
    process.exitCode = 1;
  }
}

async function attempt(run: Run, cacheFolder: string, { counts }: { counts: boolean }) {
  if (run.cannot !== undefined) return;
  const label = `${run.peer} ${run.cache}${counts ? '' : ' (filling the cache)'}`;
  try {
    const seconds = await timeChild(run.peer, environment(run, cacheFolder));
    process.stderr.write(`${label}: ${seconds.toFixed(2)} s\n`);
    if (counts) run.seconds.push(seconds);
  } catch (error) {
    run.cannot = messageOf(error);
    process.stderr.write(`${label}: cannot: ${run.cannot}\n`);
  }
}

function environment({ peer, cache }: Run, cacheFolder: string): NodeJS.ProcessEnv {
  return cache === 'warm'
    ? {
        ...process.env,
        MESA_SHADER_CACHE_DISABLE: 'false',
        MESA_SHADER_CACHE_DIR: join(cacheFolder, peer),
      }
    : { ...process.env, MESA_SHADER_CACHE_DISABLE: 'true' };
}

/** Seconds from spawning the peer's child to its word that the step is done. */
function timeChild(peer: string, env: NodeJS.ProcessEnv): Promise<number> {
  const script = fileURLToPath(new URL('./first-step/child.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const start = performance.now();
    // The same loaders as this process has.
    const child = spawn(process.execPath, [...process.execArgv, script, peer, options.model], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let seconds: number | undefined;
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes(finished)) seconds ??= (performance.now() - start) / 1e3;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      // A process that fails after its step, or never leaves, is no measurement either.
      if (seconds !== undefined && code === 0) resolve(seconds);
      else reject(new Error(`exit code ${code}: ${reason(errors)}`));
    });
  });
}

/** The line of a stack trace that says what went wrong. */
function reason(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'no message';
}

function table(runs: readonly Run[]): string[] {
  const rows = runs.map(({ peer, cache, seconds }) => {
    if (seconds.length === 0) return [peer, cache, 'cannot', ''];
    const { median, lower, upper } = spread(seconds);
    return [peer, cache, median.toFixed(2), `${lower.toFixed(2)}–${upper.toFixed(2)}`];
  });
  return align([['peer', 'cache', 'median s', 'quartiles'], ...rows]);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
