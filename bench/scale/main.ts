// The time of a step on one, two and four ranks of this machine beside what the model says, and what that says of
// ResNet-50 on many machines. Ranks have a thread each and take turns: within a round each number runs once.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from 'commander';
import type { Spread } from '../statistics.ts';
import { exposedSeconds, networkOf, ringSeconds, turns } from './step-time.ts';

interface Found {
  readonly ranks: number;
  readonly parameters: number;
  readonly step: { readonly whole: number; readonly inMpi: number };
  readonly empty: number;
  readonly full: number;
}

interface Overlapped {
  readonly parameters: number;
  /** Milliseconds of steps that sum at the end, and of those that do in the backward pass. */
  readonly found: readonly { readonly whole: Spread; readonly inMpi: number }[];
}

/** What ResNet-50 of 1,000 classes trains (He et al., 2016). */
const RESNET50_BYTES = 4 * 25_557_032;
const MACHINES = 64;
/** Of a message over TCP within a data centre. */
const LATENCY = 50e-6;
/** The share of a step in which gradients come into being: a backward pass costs two forward passes. */
const BACKWARD = 2 / 3;
/** As many as a large model's gradients are cut into. */
const BUCKETS = 8;

const { launcher, rounds, steps, networks } = program
  .name('npm run bench:distributed --')
  .description('Time training steps on 1, 2 and 4 ranks beside a model of them.')
  .option(
    '--launcher <command>',
    'mpirun, and what it needs to start a rank more than there are cores',
    'mpirun.mpich',
  )
  .option('--rounds <n>', 'runs of each number of ranks', Number, 3)
  .option('--steps <n>', 'steps of a run', Number, 40)
  .option(
    '--networks <rates>',
    'as root under Linux: time steps of two hosts, laid by test/distributed/hosts.sh, too, by networks such as 100mbit,1gbit',
  )
  .parse()
  .opts<{ launcher: string; rounds: number; steps: number; networks?: string }>();

const found = Array.from({ length: rounds }, () => [1, 2, 4].map(run)).flat();
const least = (ranks: number, of: (one: Found) => number) =>
  Math.min(...found.filter((one) => one.ranks === ranks).map(of)) / 1000;
const bytes = 4 * (found[0]?.parameters ?? 0);
const network = networkOf(
  least(2, ({ empty }) => empty),
  least(2, ({ full }) => full),
  bytes,
);
const alone = least(1, ({ step }) => step.whole);
const processors = availableParallelism();
const ms = (seconds: number) => (seconds * 1000).toFixed(seconds < 0.01 ? 2 : 1);

console.log(
  `ConvNet, batch 128, a thread a rank, ${processors} processors; the fastest of ${rounds} runs.`,
);
console.log(
  `Two ranks sum one number in ${(2e6 * network.latency).toFixed(1)} µs, and ${bytes / 4} of them at ${(network.bandwidth / 1e9).toFixed(2)} GB/s.\n`,
);
console.log(
  '| ranks | step | of that in MPI | the model says | of that in MPI |\n| --: | --: | --: | --: | --: |',
);
for (const ranks of [1, 2, 4]) {
  const sums = ringSeconds(ranks, bytes, network) * turns(ranks, processors);
  const step = (alone / ranks) * turns(ranks, processors) + sums;
  const [whole, inMpi] = [
    least(ranks, ({ step }) => step.whole),
    least(ranks, ({ step }) => step.inMpi),
  ];
  console.log(`| ${ranks} | ${ms(whole)} ms | ${ms(inMpi)} ms | ${ms(step)} ms | ${ms(sums)} ms |`);
}

console.log(`\nResNet-50 on ${MACHINES} machines, by the model:\n`);
console.log(
  '| network | gradients | one machine’s step | all sum at the end | in the backward pass |\n| --: | --: | --: | --: | --: |',
);
for (const gigabits of [1, 10, 100]) {
  const between = { latency: LATENCY, bandwidth: (gigabits * 1e9) / 8 };
  const sums = ringSeconds(MACHINES, RESNET50_BYTES, between);
  const inBuckets = BUCKETS * ringSeconds(MACHINES, RESNET50_BYTES / BUCKETS, between);
  for (const step of [0.1, 0.3, 1]) {
    const faster = (waits: number) => ((MACHINES * step) / (step + waits)).toFixed(1);
    const exposed = exposedSeconds(inBuckets, BACKWARD * step, BUCKETS);
    console.log(
      `| ${gigabits} Gbit/s | ${ms(sums)} ms | ${ms(step)} ms | ${faster(sums)} × | ${faster(exposed)} × |`,
    );
  }
}

if (networks) {
  console.log(
    `\nTwo hosts, a thread each: medians of ${rounds * steps} steps, and half of them, by turns.\n`,
  );
  console.log(
    '| network | model | gradients | all sum at the end | of that in MPI | in the backward pass | of that in MPI |\n| --: | :-- | --: | --: | --: | --: | --: |',
  );
  for (const rate of networks.split(',')) {
    for (const [model, batch] of [
      ['convnet', 64],
      ['resnet', 32],
    ] as const) {
      const { parameters, found } = runOverlap(rate, model, batch);
      const columns = found.map(
        ({ whole, inMpi }) =>
          `${whole.median.toFixed(1)} (${whole.lower.toFixed(1)}–${whole.upper.toFixed(1)}) ms | ${inMpi.toFixed(1)} ms`,
      );
      console.log(
        `| ${rate} | ${model}, batch ${batch} | ${((4 * parameters) / 1e6).toFixed(2)} MB | ${columns.join(' | ')} |`,
      );
    }
  }
}

function run(ranks: number): Found {
  const [file = '', ...options] = launcher.split(' ');
  return started(file, [...options, '-n', `${ranks}`, ...commandOf('rank.ts', `${steps}`)], {});
}

/** Steps of two hosts that a network of such a rate joins. */
function runOverlap(rate: string, model: string, batch: number): Overlapped {
  const logs = mkdtempSync(join(tmpdir(), 'hosts-'));
  const hosts = fileURLToPath(new URL('../../test/distributed/hosts.sh', import.meta.url));
  const overlap = commandOf('overlap.ts', model, `${batch}`, `${rounds * steps}`);
  try {
    return started('bash', [hosts, logs, '-n', '2', ...overlap], { WGRAD_HOSTS_RATE: rate });
  } finally {
    rmSync(logs, { recursive: true });
  }
}

/** The command that runs a program of this folder. */
function commandOf(file: string, ...given: readonly string[]): string[] {
  const loaders = ['tsx', fileURLToPath(new URL('../../scripts/wgsl-loader.mjs', import.meta.url))];
  return [
    process.execPath,
    ...loaders.flatMap((loader) => ['--import', loader]),
    fileURLToPath(new URL(file, import.meta.url)),
    ...given,
  ];
}

/** What rank 0 of several prints, each of one thread. */
function started<T>(file: string, given: readonly string[], env: NodeJS.ProcessEnv): T {
  const { stdout, stderr, status, signal, error } = spawnSync(file, given, {
    encoding: 'utf8',
    env: { ...process.env, ...env, WGRAD_THREADS: '1' },
  });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(
    `${file} ${given.join(' ')} has failed: ${error?.message ?? signal ?? `${stderr}${stdout}`}`,
  );
}
