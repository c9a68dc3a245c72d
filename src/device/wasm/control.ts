/**
 * The words of shared memory through which threads agree on what to run. They lie outside the
 * memory of the kernels, which no kernel can damage therefore, and those that several threads
 * write lie in cache lines of their own.
 *
 * - `epoch` changes with every job; idle workers sleep on it.
 * - `open` is 1 while a job may be joined.
 * - `active` counts the workers inside the job; the calling thread sleeps on it at the end.
 * - The fields from `kernel` on describe the job. They change only while `open` and `active` are 0.
 * - The fields from `failedFirst` on belong to the worker that set `failed` first, until it leaves.
 */
export const CONTROL = {
  epoch: 0,
  open: 1,
  /** 1 during a submission: the next job is near, so a worker spins a little before it sleeps. */
  submitting: 2,
  /** 1 once the device is closed. */
  stop: 3,
  /** The number of workers asleep: nobody is woken where nobody sleeps. */
  sleepers: 16,
  started: 17,
  active: 32,
  /** 1 while the calling thread sleeps on `active`. */
  callerSleeps: 33,
  /** 1 after a kernel threw in a worker. */
  failed: 34,
  kernel: 64,
  bindingTable: 65,
  groups: 66,
  chunk: 67,
  scratch: 68,
  scratchStride: 69,
  /** The first and the end of the workgroups among which a kernel threw. */
  failedFirst: 80,
  failedEnd: 81,
  /** What it threw: a number of UTF-16 code units, one a word from `message` on. */
  messageLength: 82,
  message: 83,
} as const;

export const CONTROL_WORDS = 320;

/**
 * Beside these words stands one cache line for each thread: how many chunks of its share of the job are
 * taken. Shares follow each other in the order of threads. A thread takes its own first and then what others
 * have left, so that from kernel to kernel it meets the same parts of tensors, which its cache may still hold.
 */
export const SHARE_WORDS = 16;
