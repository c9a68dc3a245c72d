// One training of a sweep, in a process of its own: see jobs.ts.
import { closeDevice, WgradError } from '../../src/index.ts';
import { runTrial } from '../experiment/trial.ts';
import { INTERRUPTED, onInterrupt } from '../mnist/interrupt.ts';
import type { Job } from './jobs.ts';

const signal = onInterrupt();
process.once('message', async ({ settings, options }: Job) => {
  try {
    await runTrial(settings, { ...options, signal });
  } catch (error) {
    console.error(error instanceof WgradError ? error.message : error);
    process.exitCode = 1;
  } finally {
    closeDevice();
    process.disconnect();
  }
  if (signal.aborted) process.exitCode = INTERRUPTED;
});
