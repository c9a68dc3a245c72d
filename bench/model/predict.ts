// How long a GPU should take for a dispatch: the longest of what its arithmetic, its memory and its
// latencies take, and the launch. For one kernel it may be wrong by 40 %, for a step by 25 %.
import type { Gpu } from './gpu.ts';

/** What is known of a dispatch before it is run. */
export interface DispatchFacts {
  readonly label: string;
  readonly workgroups: number;
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  readonly registers: number;
  readonly workgroupBytes: number;
  /** Read and written, each byte once. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Of a matmul or convolution. */
  readonly product?: ProductFacts;
}

export interface ProductFacts {
  /** Operations asked for, a multiply and its add counted as two. */
  readonly flops: number;
  /** Steps along the reduction, a barrier on both sides of each. */
  readonly steps: number;
  /** Instructions of an invocation in a step, and those among them that compute with integers. */
  readonly instructions: number;
  readonly integers: number;
  /** Whether the loads of a step are under way while the one before is computed. */
  readonly loadsAhead: boolean;
}

export type Bound = 'launch' | 'memory' | 'arithmetic' | 'latency';

export interface Prediction {
  readonly microseconds: number;
  /** What takes longest. */
  readonly bound: Bound;
}

/** 16-byte loads that an invocation has under way at once where it loads in a loop. */
const LOADS_AT_ONCE = 4;

export function predict(facts: DispatchFacts, gpu: Gpu): Prediction {
  const { bytesRead, bytesWritten } = facts;
  const memory = ((bytesRead + bytesWritten) / gpu.bytesPerSecond) * 1e6;
  const { arithmetic, latency } = facts.product
    ? productTimes(facts, facts.product, gpu)
    : { arithmetic: 0, latency: chainOfLoads(facts, gpu) };
  const launch = gpu.launchMicroseconds;
  const times: readonly [Bound, number][] = [
    ['memory', memory],
    ['arithmetic', arithmetic],
    ['latency', latency],
  ];
  const [bound, longest] = times.reduce((most, time) => (time[1] > most[1] ? time : most));
  return { microseconds: launch + longest, bound: longest > launch ? bound : 'launch' };
}

/** All invocations read as much, a few loads at a time; so many waits follow each other. */
function chainOfLoads(facts: DispatchFacts, gpu: Gpu): number {
  const invocations = facts.workgroups * facts.workgroupSize;
  const waits = facts.bytesRead / (invocations * 16 * LOADS_AT_ONCE);
  return ((waits * gpu.loadClocks) / gpu.hertz) * 1e6;
}

function productTimes(facts: DispatchFacts, product: ProductFacts, gpu: Gpu) {
  const warps = Math.ceil(facts.workgroupSize / 32);
  const perMultiprocessor = facts.workgroups / gpu.multiprocessors;
  const resident = Math.min(residentWorkgroups(facts, gpu), Math.ceil(perMultiprocessor));
  // Addresses and tests are integers, which have fewer units than multiply-adds have.
  const slots = Math.max(product.instructions, product.integers / gpu.integerUnits);
  const issue = (resident * warps * slots) / gpu.issued;
  const alone = product.instructions / gpu.issuedAlone;
  const wait = product.loadsAhead ? Math.max(0, gpu.loadClocks - alone) : gpu.loadClocks;
  // A last round of workgroups that does not fill the GPU takes as long as it does alone.
  const rounds = Math.max(1, perMultiprocessor / resident);
  const microseconds = (clocks: number) => ((rounds * product.steps * clocks) / gpu.hertz) * 1e6;
  return {
    arithmetic: microseconds(issue),
    latency: microseconds(wait + gpu.barrierClocks + alone),
  };
}

/** Workgroups that a multiprocessor has room for. */
export function residentWorkgroups(
  { workgroupSize, registers, workgroupBytes }: DispatchFacts,
  gpu: Gpu,
): number {
  const warps = Math.ceil(workgroupSize / 32);
  const rooms = [
    gpu.workgroups,
    gpu.warps / warps,
    gpu.registers / (32 * warps * registers),
    gpu.workgroupBytes / Math.max(1, workgroupBytes),
  ];
  return Math.max(1, Math.floor(Math.min(...rooms)));
}
