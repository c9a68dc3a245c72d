// Reproduces a published report:  npm run reproduce -- --help
import { GO_ON, runCommand } from '../command/run-command.ts';
import { titleOf } from '../trial/settings.ts';
import { type ReproduceOptions, reproduceCommand } from './options.ts';
import type { Report } from './report.ts';
import { reports } from './reports.ts';
import { reproduce, wantedTrials } from './reproduce.ts';

const command = reproduceCommand().parse();
const options = command.opts<ReproduceOptions>();
const report = reports[command.args[0] as string] as Report;
await runCommand(async (signal) => {
  if (!options.list) return reproduce(report, options, signal);
  for (const settings of wantedTrials(report, options)) console.log(titleOf(settings));
}, GO_ON);
