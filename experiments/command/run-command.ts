import { closeDevice, WgradError } from 'wgrad';
import { interruptedCode, onInterrupt } from './interrupt.ts';

/** What a command says when interrupted whose trainings go on by themselves when it is run again. */
export const GO_ON = 'Interrupted. The same command goes on from here.';

/**
 * Does what a command is for, and sets the exit code: 1 after an error of wgrad's, which says it all
 * itself; 128 and the number of the signal after one, which is 130 for Ctrl-C. Any other error is
 * thrown.
 * @param advice what is said after a signal
 */
export async function runCommand(
  work: (signal: AbortSignal) => Promise<void>,
  advice?: string,
): Promise<void> {
  const signal = onInterrupt();
  try {
    await work(signal);
  } catch (error) {
    // What is thrown because of a signal needs no words of its own.
    if (!signal.aborted || error !== signal.reason) {
      if (!(error instanceof WgradError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  } finally {
    closeDevice();
  }
  const code = interruptedCode(signal);
  if (code === undefined) return;
  if (advice !== undefined) console.error(advice);
  process.exitCode = code;
}
