import type { Copy, Device, Recording, SubmissionTimes } from '../../device/device.ts';
import { type DispatchFacts, dispatchFacts, type Work } from '../../kernels/dispatch-facts.ts';
import type { Profiler } from '../execution/profiler.ts';

/** Who works: the program on a graph, wgrad on what to submit, the device's driver, the device. */
export const LANES = ['build', 'capture', 'encode', 'submit', 'device'] as const;

/** A stretch of time in which one thing was done. */
export interface Span {
  readonly lane: (typeof LANES)[number];
  /** What was done: on the device, the kernel. */
  readonly name: string;
  /** Milliseconds since the call began. */
  readonly start: number;
  readonly ms: number;
  /** What a dispatch had to do. */
  readonly facts?: DispatchFacts;
}

/** A dispatch and the milliseconds it took; undefined where the device cannot tell. */
export interface TimedDispatch {
  readonly facts: DispatchFacts;
  readonly ms: number | undefined;
}

/** Watches one call of a program: when its time was spent, and on which dispatches. */
export class SpanRecorder implements Profiler {
  readonly spans: Span[] = [];
  readonly dispatches: TimedDispatch[] = [];
  /** In steps of how many milliseconds the device's clock counts. */
  resolution = Number.POSITIVE_INFINITY;
  private readonly device: Device;
  private readonly origin = performance.now();
  /** Since when the program has been at work. */
  private buildBegan = this.origin;
  private captureBegan = this.origin;

  constructor(device: Device) {
    this.device = device;
  }

  /** What the device took, by its own clock where it has one. */
  get ms(): number {
    const device = this.spans.filter(({ lane }) => lane === 'device');
    return device.reduce((sum, { ms }) => sum + ms, 0);
  }

  beginCapture(): void {
    this.captureBegan = performance.now();
    this.add('build', 'build', this.buildBegan, this.captureBegan);
    this.buildBegan = this.captureBegan;
  }

  endCapture(): void {
    this.buildBegan = performance.now();
    this.add('capture', 'capture', this.captureBegan, this.buildBegan);
  }

  async submit(
    recording: Recording,
    copies: readonly Copy[],
    work: () => readonly Work[],
  ): Promise<void> {
    const times = await this.device.time(recording, copies);
    const { begun, encoded, submitted, dispatches, resolution } = times;
    const known = work().map(dispatchFacts);
    this.add('encode', `encode ${known.length} dispatches`, begun, encoded);
    this.add('submit', 'submit', encoded, submitted);
    this.addDispatches(known, times);
    if (dispatches?.length) this.resolution = Math.min(this.resolution, resolution);
    // The program has waited for it, most likely.
    this.buildBegan = performance.now();
  }

  private addDispatches(
    known: readonly DispatchFacts[],
    { submitted, finished, dispatches }: SubmissionTimes,
  ): void {
    let at = submitted;
    for (const [i, facts] of known.entries()) {
      if (facts.workgroups === 0) continue;
      const ms = dispatches?.[i];
      this.dispatches.push({ facts, ms });
      if (ms === undefined) continue;
      this.add('device', facts.kernel, at, at + ms, facts);
      at += ms;
    }
    if (!dispatches) this.add('device', `${known.length} dispatches`, submitted, finished);
  }

  private add(
    lane: Span['lane'],
    name: string,
    from: number,
    to: number,
    facts?: DispatchFacts,
  ): void {
    if (to <= from) return;
    const span = { lane, name, start: from - this.origin, ms: to - from };
    this.spans.push(facts ? { ...span, facts } : span);
  }
}
