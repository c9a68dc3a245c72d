// What a library must offer to be timed beside the others.
import type { Case } from '../cases.ts';

export interface Prepared {
  /**
   * One iteration, done when the promise resolves: the device has finished everything the case
   * asks for. The first call is timed apart, and is where shaders are to be compiled. Nothing
   * may pile up from call to call. Resolves to the loss, in the cases that train a model: the
   * first one must be the same on every peer.
   */
  run(): Promise<number | undefined>;
  /** Frees what `prepare` and `run` hold. */
  dispose(): void;
  /** Trainable parameters, for the cases that train a model; compared with the known counts. */
  readonly parameters?: number;
}

export interface Peer {
  readonly version: string;
  /** The adapter, or the processor's threads, in words. */
  readonly adapter: string;
  /**
   * Uploads the inputs and builds the model, without computing any of the case's work. Throws
   * where the library cannot do it; the message is shown in the table.
   */
  prepare(item: Case): Promise<Prepared>;
  /** Destroys the device; without that, Dawn or threads keep the process alive. */
  dispose(): Promise<void>;
}

/** Every peer module exports a `start` of this type. */
export type StartPeer = (checkout?: string) => Promise<Peer>;
