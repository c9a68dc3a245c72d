import { closeDevice, WgradError } from 'wgrad';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';

/** What a command says after Ctrl-C whose trainings go on by themselves when it is run again. */
export const GO_ON = 'Interrupted. The same command goes on from here.';

/**
 * Does what a command is for, and sets the exit code: 1 after an error of wgrad's, which says it all
 * itself, 130 after Ctrl-C. Any other error is thrown.
 * @param advice what is said after Ctrl-C
 */
export async function runCommand(
  work: (signal: AbortSignal) => Promise<void>,
  advice?: string,
): Promise<void> {
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
  if (advice !== undefined) console.error(advice);
  process.exitCode = INTERRUPTED;
}
