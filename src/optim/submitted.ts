import { recording } from '../graph/execution/recording.ts';

/**
 * Work that begins at once. Within a function that is being compiled nobody waits for it: what it throws
 * before it is submitted is thrown by the call of that function.
 */
export function begun(work: () => Promise<void>): Promise<void> {
  try {
    return work();
  } catch (error) {
    const recorder = recording();
    if (!recorder) return Promise.reject(error);
    recorder.refuse(error as Error);
    return Promise.resolve();
  }
}

/** Waits for a submission and what comes before it, and takes back what went on with it if it fails. */
export async function submitted(
  before: Promise<void> | undefined,
  work: Promise<void>,
  undo: () => void,
): Promise<void> {
  try {
    await Promise.all([before, work]);
  } catch (error) {
    undo();
    throw error;
  }
}
