import type { Copy, Recording } from '../../device/device.ts';
import type { Work } from '../../kernels/dispatch-facts.ts';

/** What watches a runtime while a program is profiled. */
export interface Profiler {
  /** The program has built something, and it is looked at now, within its call. */
  beginCapture(): void;
  /** What is to be submitted is known, and the program goes on. */
  endCapture(): void;
  /** Submits in the device's stead. */
  submit(recording: Recording, copies: readonly Copy[], work: () => readonly Work[]): Promise<void>;
}
