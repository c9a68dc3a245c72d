// Kills small trainings at random moments and lets them go on:
//   node --import tsx --import ./scripts/wgsl-loader.mjs test/soak/kills.ts [KILLS] [SEED]
// After each kill every file that is there is whole. After the run that comes to its end, the run is
// the same, bit for bit, as one that nobody killed, no unfinished file is left, and the page of all
// runs has it as finished. Prints one line of JSON; the exit code is 1 where anything was otherwise.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../src/node.ts';
import { RandomStream } from '../../src/tensor/random/stream.ts';
import { type Ended, ScriptProcess } from '../examples/script-process.ts';
import { showProgress } from './progress.ts';

const [kills = 200, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);

/** Two of three kills cannot be noticed by who is killed; the others ask for an end. */
const SIGNALS = [
  'SIGKILL',
  'SIGKILL',
  'SIGKILL',
  'SIGKILL',
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
] as const;

/** A run is let alone after so many kills, and compared. */
const KILLS_OF_A_RUN = 4;

const command = (root: string) =>
  new ScriptProcess('experiments/sweep/main.ts', [
    ...['--models', 'tiny/tiny', '--data', 'generated digits', '--limit', '320', '--lr', '0.01'],
    ...['--epochs', '12', '--batch-size', '16', '--device', 'wasm', '--runs', root],
  ]);

const random = new RandomStream(seed);
const failures: string[] = [];
const counts = { kills: 0, resumed: 0, equal: 0 };
const folder = await mkdtemp(join(tmpdir(), 'wgrad-kills-'));
try {
  const whole = join(folder, 'whole');
  const started = performance.now();
  const { code, said } = await command(whole).ended;
  if (code !== 0) throw new Error(`the run that nobody kills failed:\n${said}`);
  const milliseconds = performance.now() - started;
  const expected = await resultIn(whole);
  while (counts.kills < kills) {
    const root = join(folder, `killed-${counts.kills}`);
    for (let own = 0; own < KILLS_OF_A_RUN && counts.kills < kills; own++) {
      if (!(await killOnce(root, random.uniform(0, 1) * milliseconds))) break;
    }
    await compare(root, await command(root).ended, expected);
    await rm(root, { recursive: true });
  }
} finally {
  await rm(folder, { recursive: true });
}
console.log(JSON.stringify({ ...counts, seed, failures }));
process.exitCode = failures.length > 0 ? 1 : 0;

/** Starts the command and ends it after a while; false where it had ended by itself before. */
async function killOnce(root: string, after: number): Promise<boolean> {
  const running = command(root);
  const signal = SIGNALS[random.below(SIGNALS.length)] ?? 'SIGKILL';
  const timer = setTimeout(() => running.child.kill(signal), after);
  const ended = await running.ended;
  clearTimeout(timer);
  if (ended.code === 0) return false;
  counts.kills++;
  showProgress('kills', counts.kills, kills);
  // 128 and the number of the signal; a program that has not set itself up yet just dies of it.
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: null };
  if (ended.signal !== signal && ended.code !== codes[signal]) {
    failures.push(`${signal} after ${after} ms: exit code ${ended.code}: ${ended.said}`);
  }
  for (const problem of await halfFiles(root)) failures.push(`${signal}: ${problem}`);
  return true;
}

async function compare(root: string, { code, said }: Ended, expected: Result): Promise<void> {
  if (code !== 0) {
    failures.push(`${root} does not go on: exit code ${code}: ${said}`);
    return;
  }
  counts.resumed++;
  const left = (await readdir(root, { recursive: true })).filter((name) => /\.part\b/.test(name));
  const problems = [...(await halfFiles(root)), ...left.map((name) => `${name} is left`)];
  const index = await readFile(join(root, 'index.html'), 'utf8').catch(() => '');
  if (!index.includes('finished')) problems.push('index.html does not have the run as finished');
  const result = await resultIn(root);
  for (const key of Object.keys(expected) as (keyof Result)[]) {
    if (result[key] !== expected[key]) problems.push(`${key} differs: ${result[key]}`);
  }
  if (problems.length === 0) counts.equal++;
  failures.push(...problems);
}

interface Result {
  readonly runs: number;
  readonly weights: string;
  readonly history: string;
  readonly metrics: string;
}

/** What must not depend on kills: everything but names and times. */
async function resultIn(root: string): Promise<Result> {
  const runs = await report.readRuns(root);
  const [run] = runs;
  const weights = run && (await readFile(join(run.folder, report.RUN_FILES.weights)));
  return {
    runs: runs.length,
    weights: weights?.toString('base64') ?? '',
    history: JSON.stringify(run?.history.map(({ seconds: _, ...logs }) => logs)),
    metrics: JSON.stringify(run?.metrics),
  };
}

/** The files that are there by name but not whole. */
async function halfFiles(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const problems: string[] = [];
  for (const name of names) {
    const file = join(root, name);
    if (!(await stat(file)).isFile()) continue;
    const bytes = await readFile(file);
    if (!isWhole(name, bytes)) problems.push(`${name} is not whole (${bytes.length} bytes)`);
  }
  return problems;
}

function isWhole(name: string, bytes: Buffer): boolean {
  const text = bytes.toString('utf8').trimEnd();
  if (name.endsWith('.html')) return text.endsWith('</html>');
  if (name.endsWith('.svg')) return text.endsWith('</svg>');
  if (name.endsWith('.safetensors')) return isWholeSafetensors(bytes);
  if (!name.endsWith('.json')) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isWholeSafetensors(bytes: Buffer): boolean {
  const header = Number(bytes.readBigUInt64LE(0));
  const tensors = JSON.parse(bytes.toString('utf8', 8, 8 + header)) as Record<
    string,
    { readonly data_offsets?: readonly [number, number] }
  >;
  const ends = Object.values(tensors).map(({ data_offsets }) => data_offsets?.[1] ?? 0);
  return bytes.length === 8 + header + Math.max(0, ...ends);
}
