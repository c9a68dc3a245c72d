/** How the CPU computes. */
export interface WasmOptions {
  /**
   * How many threads compute, the calling one among them; `WGRAD_THREADS` where unsaid, else as
   * many as the machine runs side by side. 1 in pages that are not cross-origin isolated.
   */
  readonly threads?: number;
  /** Rounds after each multiplication and addition, for the same bits on every machine. */
  readonly deterministic?: boolean;
  /**
   * Throws a DeviceError where a kernel accesses what is outside a binding or array;
   * `WGRAD_DEBUG=bounds` where unsaid. Slower.
   */
  readonly bounds?: boolean;
  /**
   * Whether the ways to compute a product, a convolution or a reduction are measured where one is first
   * needed, and the fastest is kept for this machine. Default: where `WGRAD_TUNE` is 1.
   */
  readonly tune?: boolean;
}
