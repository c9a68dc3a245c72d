// Reproduces a published report:  npm run reproduce -- --help
import { closeDevice, WgradError } from '../../src/index.ts';
import { titleOf } from '../experiment/settings.ts';
import { INTERRUPTED, onInterrupt } from '../mnist/interrupt.ts';
import { type ReproduceOptions, reproduceCommand } from './options.ts';
import { reports } from './reports.ts';
import { reproduce, wantedTrials } from './reproduce.ts';

const command = reproduceCommand().parse();
const options = command.opts<ReproduceOptions & { readonly list?: boolean }>();
const report = reports[command.args[0] as string] ?? noReport(command.args[0] as string);
const signal = onInterrupt();
try {
  if (options.list) {
    for (const settings of wantedTrials(report, options)) console.log(titleOf(settings));
  } else {
    await reproduce(report, options, signal);
  }
} catch (error) {
  if (!(error instanceof WgradError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  closeDevice();
}
if (signal.aborted) process.exitCode = INTERRUPTED;

function noReport(name: string): never {
  const known = Object.keys(reports).join(', ');
  return command.error(`error: there is no report '${name}'. Known: ${known}.`);
}
