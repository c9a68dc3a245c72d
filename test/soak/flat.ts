import { device } from '../../src/index.ts';

/** Samples that a run takes, at equal distances. */
export const SAMPLES = 20;
/** What a sample may lie above those before it, in MB: noise of the allocator and of the collector. */
const NOISE = 64;

const mb = (bytes: number) => Math.round(bytes / 1e6);

/** What the process and the device hold in the course of a run, in MB. */
export class MemorySamples {
  readonly samples: number[] = [];
  readonly deviceMB: number[] = [];

  async take(): Promise<void> {
    this.samples.push(mb(process.memoryUsage.rss()));
    this.deviceMB.push(mb((await device()).counters.bytes));
  }

  /** Whether both stay where they were after the first half of the run. */
  areFlat(noise = NOISE): boolean {
    return isFlat(this.samples, noise) && isFlat(this.deviceMB, noise);
  }
}

function isFlat(samples: readonly number[], noise: number): boolean {
  const half = samples.length / 2;
  const early = Math.max(...samples.slice(0, half));
  const late = Math.max(...samples.slice(half));
  return late <= early * 1.1 + noise;
}

/**
 * Runs `round` again and again and samples the memory of the process and of the device. Prints one
 * line of JSON, in MB; the exit code is 1 where memory grows in the second half of the run, or where
 * the device comes to have more than `most` MB.
 */
export async function runFlat(
  name: string,
  rounds: number,
  most: number,
  round: (i: number) => Promise<unknown>,
): Promise<void> {
  const memory = new MemorySamples();
  let error: string | undefined;
  try {
    for (let i = 0; i < rounds; i++) {
      await round(i);
      if ((i + 1) % Math.ceil(rounds / SAMPLES) === 0) await memory.take();
    }
  } catch (cause) {
    error = String(cause);
  }
  const { samples, deviceMB } = memory;
  const flat = !error && memory.areFlat() && Math.max(...deviceMB) <= most;
  const { kind } = await device();
  console.log(JSON.stringify({ name, device: kind, rounds, flat, most, samples, deviceMB, error }));
  // Not process.exitCode alone: the threads of a device would keep the process.
  process.exit(flat ? 0 : 1);
}
