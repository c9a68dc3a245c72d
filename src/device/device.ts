/**
 * What wgrad asks of a machine that runs kernels. A device knows buffers, WGSL programs and lists
 * of dispatches; it knows nothing of tensors, ops or gradients.
 */

/** Offsets at which a buffer may be bound are multiples of this many bytes (WebGPU's default). */
export const BINDING_ALIGNMENT = 256;

/** A piece of device memory. `bytes` is a multiple of 16, so that a kernel may store whole `vec4`s. */
export interface DeviceBuffer {
  readonly id: number;
  readonly bytes: number;
  /** Whether the device turned out to have no memory for it, see {@link Device.allocated}. */
  readonly isMissing: boolean;
  destroy(): void;
}

/** A range of a buffer, in bytes; `offset` is a multiple of {@link BINDING_ALIGNMENT}. */
export interface BufferSlice {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A WGSL program with one entry point `main`. Binding 0 of group 0 is the uniform block of
 * parameters; bindings 1…n are the storage buffers, in the order of a dispatch's `bindings`.
 */
export interface Program {
  /** A short name for errors, labels and profiles, such as `matmul_small`. */
  readonly name: string;
  readonly source: string;
}

/** A program compiled for one device. */
export interface Kernel {
  readonly program: Program;
}

/** One run of a kernel over `workgroups` workgroups (none, for empty tensors), numbered in a row by the kernel itself. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly bindings: readonly BufferSlice[];
  /** The uniform block, as 32-bit words. */
  readonly params: Uint32Array;
  readonly workgroups: number;
}

/** Copies `bytes` from one buffer to another once the dispatches are done. */
export interface Copy {
  readonly from: BufferSlice;
  readonly to: BufferSlice;
  readonly bytes: number;
}

/**
 * Bytes that the host works on as soon as a dispatch has written them, beside the ones behind it, which leave them
 * alone.
 */
export interface EarlyUse {
  /** The number of the dispatch. */
  readonly dispatch: number;
  readonly slice: BufferSlice;
  /** Begins the work. What it gives is called behind each later dispatch, until it says that it is done. */
  begin(bytes: Uint8Array): () => boolean;
}

/** Dispatches made ready to be submitted again and again. */
export interface Recording {
  /** Binds other buffers to the dispatch at `index` from now on. */
  rebind(index: number, bindings: readonly BufferSlice[]): void;
  /** Writes one 32-bit word of a dispatch's uniform block before the next submit. */
  setParam(index: number, word: number, bits: number): void;
  destroy(): void;
}

export interface DeviceLimits {
  /** True where the "GPU" is a CPU: register tiles win there, workgroup memory loses. */
  readonly cpu: boolean;
  /** Whether a storage load costs far more than a multiplication, as software drivers make it. */
  readonly slowLoads: boolean;
  /** About how many invocations a GPU has to run at once to be at its fastest. */
  readonly lanes: number;
  readonly maxWorkgroupBytes: number;
  readonly maxStorageBuffers: number;
  readonly maxBindingBytes: number;
  readonly maxBufferBytes: number;
  readonly maxWorkgroupsPerDimension: number;
}

/** What a device has made and done so far; tests compare two readings. */
export interface DeviceCounters {
  buffers: number;
  bytes: number;
  buffersCreated: number;
  pipelines: number;
  bindGroups: number;
  submits: number;
  dispatches: number;
}

/** When a submission was where, by the host's clock (`performance.now()`), and what its dispatches took. */
export interface SubmissionTimes {
  /** Its encoding began, was done, was handed to the device, and everything it asks for was done. */
  readonly begun: number;
  readonly encoded: number;
  readonly submitted: number;
  readonly finished: number;
  /** Milliseconds of each dispatch, in order; undefined where the device cannot tell. */
  readonly dispatches: readonly number[] | undefined;
  /** In steps of how many milliseconds the clock counts that told it. */
  readonly resolution: number;
}

export interface Device {
  readonly kind: 'webgpu' | 'wasm';
  /** The adapter's own description, for people. */
  readonly name: string;
  readonly limits: DeviceLimits;
  /**
   * Where kernels are to be measured on this device: its hardware and driver, under which what comes
   * out is kept.
   */
  readonly tuning?: string | undefined;
  readonly counters: Readonly<DeviceCounters>;
  /** @throws OutOfMemoryError where `bytes` is over the device's limit. */
  createBuffer(bytes: number, label: string): DeviceBuffer;
  /**
   * Resolves when it is known that there is memory for all buffers made since the last call;
   * undefined where it is known already.
   * @throws OutOfMemoryError where there is not.
   */
  allocated(): Promise<void> | undefined;
  /** Copies bytes from the host, after everything submitted before. */
  write(to: BufferSlice, data: ArrayBufferView): void;
  /** Resolves to a copy of the bytes, after everything submitted before. */
  read(from: BufferSlice): Promise<ArrayBuffer>;
  /**
   * Has the host change bytes, after everything submitted before: where they lie, if that is the host's
   * memory, else in a copy that is written back. Nothing is to be submitted meanwhile.
   */
  edit(slice: BufferSlice, work: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  /** Compiles side by side what has not been compiled before. */
  compile(programs: readonly Program[]): Promise<Kernel[]>;
  /** Makes dispatches ready, to be submitted any number of times. */
  record(dispatches: readonly Dispatch[]): Recording;
  /**
   * Queues the dispatches in order, then the copies, as one submission. Resolves when the device
   * is ready for more work, which may be before this work is finished.
   * @param early is left out by devices that compute elsewhere than in the host's memory
   */
  submit(recording: Recording, copies: readonly Copy[], early?: readonly EarlyUse[]): Promise<void>;
  /**
   * Does what `submit` does, dispatch after dispatch, and waits for it, and for all before it, to tell
   * what each took.
   */
  time(recording: Recording, copies: readonly Copy[]): Promise<SubmissionTimes>;
  /** Resolves when everything submitted is finished; throws what went wrong since the last call. */
  finish(): Promise<void>;
  /** Frees all that it holds; nothing can be computed there any more. */
  destroy(): void;
}
