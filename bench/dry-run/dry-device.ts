// A GPU that is not there: it has the limits it is given, computes nothing, and writes down what it
// is asked to run. What the scheduler and the launch rules do for a GPU can so be read anywhere.
import { newCounters } from '../../src/device/counters.ts';
import type {
  BufferSlice,
  Device,
  DeviceBuffer,
  DeviceLimits,
  Dispatch,
  Kernel,
  Program,
  Recording,
  SubmissionTimes,
} from '../../src/device/device.ts';

/** A dispatch that was submitted. */
export interface DryDispatch {
  readonly program: Program;
  readonly workgroups: number;
  /** The uniform block as it was at that time. */
  readonly params: Uint32Array;
  readonly bindings: readonly BufferSlice[];
}

export class DryDevice implements Device {
  readonly kind = 'webgpu';
  readonly name: string;
  readonly limits: DeviceLimits;
  readonly counters = newCounters();
  private submitted: DryDispatch[] = [];

  constructor(name: string, limits: DeviceLimits) {
    this.name = name;
    this.limits = limits;
  }

  /** What was submitted since the last call; a dispatch of no workgroups is none. */
  take(): DryDispatch[] {
    const taken = this.submitted;
    this.submitted = [];
    return taken;
  }

  createBuffer(bytes: number): DeviceBuffer {
    return { id: this.counters.buffersCreated++, bytes, isMissing: false, destroy() {} };
  }

  allocated(): undefined {}

  write(): void {}

  async read(from: BufferSlice): Promise<ArrayBuffer> {
    return new ArrayBuffer(from.bytes);
  }

  async edit({ bytes }: BufferSlice, work: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    await work(new Uint8Array(bytes));
  }

  async compile(programs: readonly Program[]): Promise<Kernel[]> {
    return programs.map((program) => ({ program }));
  }

  record(dispatches: readonly Dispatch[]): DryRecording {
    return new DryRecording(dispatches);
  }

  async submit(recording: Recording): Promise<void> {
    if (!(recording instanceof DryRecording)) throw new Error("another device's recording");
    const dispatches = recording.asTheyAre();
    this.counters.submits++;
    this.counters.dispatches += dispatches.length;
    this.submitted.push(...dispatches);
  }

  /** It has no clock. */
  async time(recording: Recording): Promise<SubmissionTimes> {
    await this.submit(recording);
    const now = performance.now();
    const at = { begun: now, encoded: now, submitted: now, finished: now };
    return { ...at, dispatches: undefined, resolution: 0 };
  }

  async finish(): Promise<void> {}

  destroy(): void {}
}

class DryRecording implements Recording {
  private readonly dispatches: { -readonly [K in keyof DryDispatch]: DryDispatch[K] }[];

  constructor(dispatches: readonly Dispatch[]) {
    this.dispatches = dispatches.map(({ kernel: { program }, params, bindings, workgroups }) => ({
      program,
      params: params.slice(),
      bindings,
      workgroups,
    }));
  }

  asTheyAre(): DryDispatch[] {
    return this.dispatches
      .filter(({ workgroups }) => workgroups > 0)
      .map((dispatch) => ({ ...dispatch, params: dispatch.params.slice() }));
  }

  rebind(index: number, bindings: readonly BufferSlice[]): void {
    const dispatch = this.dispatches[index];
    if (dispatch) dispatch.bindings = bindings;
  }

  setParam(index: number, word: number, bits: number): void {
    const dispatch = this.dispatches[index];
    if (dispatch) dispatch.params[word] = bits;
  }

  destroy(): void {}
}
