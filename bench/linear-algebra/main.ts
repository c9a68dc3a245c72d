// Factors and solutions of one matrix on one thread, beside PyTorch's where Python has it: the quickest call
// of each, both taking turns round by round.
//   node --import tsx --import ./scripts/wgsl-loader.mjs bench/linear-algebra/main.ts [--python python3]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { program } from 'commander';
import {
  cholesky,
  closeDevice,
  determinant,
  eye,
  inverse,
  openWasm,
  random,
  realize,
  setDevice,
  solve,
  type Tensor,
  triangularSolve,
} from '../../src/index.ts';
import { align } from '../report.ts';

interface Time {
  readonly op: string;
  readonly size: number;
  readonly ms: number;
}

const options = program
  .option('--python <command>', 'a Python with PyTorch', 'python3')
  .option('--rounds <n>', 'how often both take turns', Number, 3)
  .parse()
  .opts<{ python: string; rounds: number }>();
const SIZES = [16, 32, 64, 128, 256, 512];
const SECONDS = 0.1;

await setDevice(await openWasm({ threads: 1 }));
const rounds: { ours: Time[]; theirs: Time[] }[] = [];
for (let round = 0; round < options.rounds; round++) {
  rounds.push({ ours: await ourTimes(), theirs: theirTimes() });
}
const least = (times: readonly Time[], op: string, size: number) =>
  Math.min(...times.filter((time) => time.op === op && time.size === size).map(({ ms }) => ms));
const [ours, theirs] = [rounds.flatMap(({ ours }) => ours), rounds.flatMap(({ theirs }) => theirs)];
const rows = (rounds[0]?.ours ?? []).map(({ op, size }) => {
  const [own, other] = [least(ours, op, size), least(theirs, op, size)];
  return [op, `${size}`, own.toFixed(3), other.toFixed(3), (own / other).toFixed(2)];
});
for (const line of align([['op', 'size', 'wgrad ms', 'PyTorch ms', 'ratio'], ...rows]))
  console.log(line);
await closeDevice();

async function ourTimes(): Promise<Time[]> {
  const found: Time[] = [];
  for (const size of SIZES) {
    const x = random.normal([size, size]) as Tensor;
    const a = x.matMul(x.transpose()).div(size).add(eye(size)) as Tensor;
    const lower = cholesky(a);
    await realize(x, a, lower);
    const works: Readonly<Record<string, () => Tensor>> = {
      cholesky: () => cholesky(a),
      triangularSolve: () => triangularSolve(lower, x),
      solve: () => solve(a, x),
      inverse: () => inverse(a),
      determinant: () => determinant(a),
    };
    for (const [op, work] of Object.entries(works)) {
      found.push({ op, size, ms: await quickest(work) });
    }
  }
  return found;
}

/** The quickest call of so many seconds, and of three at least. */
async function quickest(work: () => Tensor): Promise<number> {
  const times: number[] = [];
  for (let sum = 0; times.length < 3 || sum < SECONDS; sum += times.at(-1) ?? 0) {
    const start = performance.now();
    await realize(work());
    times.push((performance.now() - start) / 1000);
  }
  return 1000 * Math.min(...times);
}

function theirTimes(): Time[] {
  const script = fileURLToPath(new URL('torch_times.py', import.meta.url));
  const input = JSON.stringify({ sizes: SIZES, seconds: SECONDS });
  const { stdout, status } = spawnSync(options.python, [script], {
    input,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return status === 0 ? JSON.parse(stdout.toString()) : [];
}
