// One training of a sweep, in a process of its own: see local.ts.
import { closeDevice, WgradError } from 'wgrad';
import { interruptedCode, onInterrupt } from '../../command/interrupt.ts';
import { runTrial } from '../../trial/run-trial.ts';
import type { Order } from './local.ts';

const signal = onInterrupt();
// Whoever asked for the training is gone: nobody reads on, but a checkpoint is still written.
process.once('disconnect', () => process.emit('SIGINT'));

process.once('message', async ({ settings, options }: Order) => {
  try {
    await runTrial(settings, { ...options, signal });
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) {
      console.error(error instanceof WgradError ? error.message : error);
      process.exitCode = 1;
    }
  } finally {
    closeDevice();
  }
  process.exitCode = interruptedCode(signal) ?? process.exitCode;
  if (process.connected) process.disconnect();
});
