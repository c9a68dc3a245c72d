// The most multiply-adds that this machine does in WebAssembly SIMD: what the products of a wasm
// peer are a fraction of. A loop of independent f32x4 multiply-adds, all operands in registers,
// on one thread and on all at once. `npm run bench:peak` prints it alone.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { hasFusedMultiplyAdd } from '../src/device/wasm/relaxed-simd.ts';

/** GFLOP/s, a multiply and its add counted as two. */
export interface Rates {
  readonly oneThread: number;
  readonly allThreads: number;
}

export interface Peak {
  readonly threads: number;
  /** `f32x4.mul` and `f32x4.add`. */
  readonly separate: Rates;
  /** `f32x4.relaxed_madd`, where it is there and rounds once. */
  readonly fused?: Rates;
}

/** Enough to hide the instructions' latency, and with two constants few enough for 16 registers. */
const CHAINS = 12;
const UNROLL = 8;
const FLOPS_PER_ITERATION = CHAINS * UNROLL * 4 * 2;
/**
 * Other programs may run, so the best of many trials is nearest to the machine; they are shorter
 * than what a system gives a program at a time, to fit in where it is this one's turn.
 */
const TRIAL_S = 0.006;
const TRIALS = 60;

/** The rate that "% of peak" is relative to: all threads, in the faster way. */
export function bestRate({ separate, fused }: Peak): number {
  return Math.max(separate.allThreads, fused?.allThreads ?? 0);
}

export function describePeak({ threads, separate, fused }: Peak): string {
  const say = ({ oneThread, allThreads }: Rates) =>
    `${oneThread.toFixed(1)} GFLOP/s on one thread, ${allThreads.toFixed(1)} on ${threads}`;
  const relaxed = fused === undefined ? '' : `; with relaxed madd ${say(fused)}`;
  return `WebAssembly SIMD peak: ${say(separate)}${relaxed}`;
}

export async function measurePeak(): Promise<Peak> {
  const threads = availableParallelism();
  const isFused = await hasFusedMultiplyAdd();
  const separate = await ratesOf(loopModule(false), threads);
  if (!isFused) return { threads, separate };
  return { threads, separate, fused: await ratesOf(loopModule(true), threads) };
}

async function ratesOf(bytes: Uint8Array<ArrayBuffer>, threads: number): Promise<Rates> {
  const module = await WebAssembly.compile(bytes);
  const helpers = Array.from({ length: threads }, () => new Helper(module));
  try {
    const iterations = await iterationsFor(helpers[0] as Helper);
    const best = async (working: readonly Helper[]): Promise<number> => {
      let rate = 0;
      for (let trial = 0; trial < TRIALS; trial += 1) {
        const times = await Promise.all(working.map((helper) => helper.run(iterations)));
        const rates = times.map((ms) => (FLOPS_PER_ITERATION * iterations) / ms / 1e6);
        rate = Math.max(rate, Math.min(...rates) * rates.length);
      }
      return rate;
    };
    return { oneThread: await best(helpers.slice(0, 1)), allThreads: await best(helpers) };
  } finally {
    for (const helper of helpers) helper.stop();
  }
}

async function iterationsFor(helper: Helper): Promise<number> {
  const trial = 1e5;
  await helper.run(trial); // by the engine's first, slow code perhaps
  return Math.ceil((trial * TRIAL_S * 1e3) / (await helper.run(trial)));
}

class Helper {
  private readonly worker: Worker;

  constructor(module: WebAssembly.Module) {
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { run } = new WebAssembly.Instance(workerData).exports;
      parentPort.on('message', (iterations) => {
        const start = performance.now();
        run(iterations);
        parentPort.postMessage(performance.now() - start);
      });`;
    this.worker = new Worker(script, { eval: true, workerData: module });
  }

  /** Milliseconds. */
  async run(iterations: number): Promise<number> {
    this.worker.postMessage(iterations);
    const [ms] = await once(this.worker, 'message');
    return ms;
  }

  stop(): void {
    void this.worker.terminate();
  }
}

/** A module with `run(iterations)`: the chains go on in 12 locals, from and around 1. */
function loopModule(isFused: boolean): Uint8Array<ArrayBuffer> {
  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const add = [0xfd, 0xe4, 0x01];
  const multiply = [0xfd, 0xe6, 0x01];
  const multiplyAdd = [0xfd, 0x85, 0x02];
  const splat = (value: number) => [
    0x43,
    ...new Uint8Array(Float32Array.of(value).buffer),
    0xfd,
    0x13,
  ];
  const [factor, term, first] = [1, 2, 3];
  const chains = Array.from({ length: CHAINS }, (_, i) => first + i);

  // Fused, the sum is the register that is written, as in a matrix product. Separate, the chain
  // is multiplied too: a product of constants would leave the loop.
  const link = (chain: number): number[] =>
    isFused
      ? [...get(factor), ...get(term), ...get(chain), ...multiplyAdd, ...set(chain)]
      : [...get(chain), ...get(factor), ...multiply, ...get(term), ...add, ...set(chain)];
  const links = Array.from({ length: UNROLL }, () => chains.flatMap(link)).flat();
  // biome-ignore format: an instruction or two a line
  const body = [
    0x01, ...leb(CHAINS + 2), 0x7b, // locals: v128
    ...splat(0.5), ...set(factor),
    ...splat(0.25), ...set(term),
    ...chains.flatMap((chain) => [...splat(1 / chain), ...set(chain)]),
    0x03, 0x40, // loop
    ...links,
    ...get(0), 0x41, 0x01, 0x6b, 0x22, 0x00, // iterations - 1, kept
    0x0d, 0x00, // again unless 0
    0x0b,
    ...get(first), ...chains.slice(1).flatMap((chain) => [...get(chain), ...add]),
    0xfd, 0x1f, 0x00, // lane 0: all chains are needed
    0x0b,
  ];
  const section = (id: number, bytes: readonly number[]) => [id, ...leb(bytes.length), ...bytes];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
    ...section(1, [0x01, 0x60, 0x01, 0x7f, 0x01, 0x7d]), // type: (i32) → f32
    ...section(3, [0x01, 0x00]), // function 0 has type 0
    ...section(7, [0x01, 0x03, 0x72, 0x75, 0x6e, 0x00, 0x00]), // export "run"
    ...section(10, [0x01, ...leb(body.length), ...body]),
  ]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${describePeak(await measurePeak())}\n`);
}
