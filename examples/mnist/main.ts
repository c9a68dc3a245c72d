// Trains a network on handwritten digits:  npm run mnist -- --help
import { closeDevice, WgradError } from 'wgrad';
import { INTERRUPTED, onInterrupt } from '../../experiments/command/interrupt.ts';
import { readOptions } from './options.ts';
import { run } from './run.ts';

const options = readOptions(process.argv);
const signal = onInterrupt();
try {
  await run(options, signal);
} catch (error) {
  // What is thrown because of Ctrl-C needs no words, and wgrad's own errors say it all themselves.
  if (!signal.aborted || error !== signal.reason) {
    if (!(error instanceof WgradError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
} finally {
  closeDevice();
}
if (signal.aborted) process.exitCode = INTERRUPTED;
