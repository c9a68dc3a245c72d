import { closeDevice, WgradError } from 'wgrad';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';

/**
 * Does what a command is for, and sets the exit code: 1 after an error of wgrad's, which says it all
 * itself, 130 after Ctrl-C. Any other error is thrown.
 */
export async function runCommand(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = onInterrupt();
  try {
    await work(signal);
  } catch (error) {
    // What is thrown because of Ctrl-C needs no words of its own.
    if (!signal.aborted || error !== signal.reason) {
      if (!(error instanceof WgradError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  } finally {
    closeDevice();
  }
  if (!signal.aborted) return;
  console.error('Interrupted. The same command goes on from here.');
  process.exitCode = INTERRUPTED;
}
