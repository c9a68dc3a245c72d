// What the model knows of a GPU. None of it was measured by this project: public figures, and for
// launches and latencies the middle of what others report.

export interface Gpu {
  readonly name: string;
  /** Units that run workgroups, and their clock under load. */
  readonly multiprocessors: number;
  readonly hertz: number;
  /** Instructions that a multiprocessor issues in a clock, each for 32 invocations. */
  readonly issued: number;
  /** Units for integers, as a share of those for multiply-adds. */
  readonly integerUnits: number;
  /** What a multiprocessor holds at once. */
  readonly warps: number;
  readonly registers: number;
  readonly workgroupBytes: number;
  readonly workgroups: number;
  /** Of a copy, read and written together. */
  readonly bytesPerSecond: number;
  /** Between a dispatch and the next that needs its results: drain, barrier, fill. */
  readonly launchMicroseconds: number;
  /** Clocks from a load of memory to its value, and what a barrier costs. */
  readonly loadClocks: number;
  readonly barrierClocks: number;
  /** Instructions that one warp alone gets issued in a clock: it waits for its own results. */
  readonly issuedAlone: number;
}

/** NVIDIA's H100 SXM. */
export const h100: Gpu = {
  name: 'H100 SXM',
  multiprocessors: 132,
  hertz: 1.83e9,
  issued: 4,
  integerUnits: 0.5,
  warps: 64,
  registers: 65_536,
  workgroupBytes: 228 * 1024,
  workgroups: 32,
  bytesPerSecond: 3.0e12,
  launchMicroseconds: 2.5,
  loadClocks: 450,
  barrierClocks: 60,
  issuedAlone: 0.65,
};
