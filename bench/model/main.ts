// `npm run bench:model`: how long training steps should take on a GPU that is not here. Nothing is
// measured; what is assumed stands in gpu.ts and predict.ts, and in the help.
import { fileURLToPath } from 'node:url';
import { Option, program } from 'commander';
import { writeBetweenMarks } from '../document.ts';
import { type StepModel, stepModels } from '../dry-run/step.ts';
import { findToolchain, sayMissing, type Toolchain } from '../isa/toolchain.ts';
import { align, writeJson } from '../report.ts';
import { h100 } from './gpu.ts';
import type { Bound } from './predict.ts';
import { type PredictedDispatch, predictStep } from './predict-step.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

interface Options {
  readonly models: readonly StepModel[];
  readonly batches: readonly string[];
  readonly kernels?: boolean;
  readonly json?: string;
  readonly write?: boolean;
}

interface PredictedStep {
  readonly model: StepModel;
  readonly batch: number;
  readonly dispatches: readonly PredictedDispatch[];
}

const bounds: readonly Bound[] = ['launch', 'arithmetic', 'memory', 'latency'];

const options = program
  .name('npm run bench:model --')
  .description(`Predict how long training steps take on an ${h100.name}, without one.`)
  .addOption(
    new Option('--models <names...>', 'the networks').choices(stepModels).default(stepModels),
  )
  .addOption(
    new Option('--batches <sizes...>', 'images of a step')
      .choices(['32', '128', '1024'])
      .default(['32', '128', '1024']),
  )
  .option('--kernels', 'also print where the time of each step goes, by kernel')
  .option('--json <file>', 'also write every dispatch to this file')
  .addOption(
    new Option('--write', 'write the table into docs/performance.md').conflicts([
      'models',
      'batches',
    ]),
  )
  .addHelpText(
    'after',
    `
The dispatches, their workgroups and bytes are the real ones; registers and instructions of a loop
are those of AMD's compiler (as in npm run bench:isa). A dispatch takes ${h100.launchMicroseconds} µs and the longest of its
bytes at ${h100.bytesPerSecond / 1e12} TB/s, its instructions, and the loads that wait for each other. What the host does is
not part of it. For a step it may be wrong by 25 %, for one kernel by 40 %: no GPU has confirmed it.`,
  )
  .parse()
  .opts<Options>();

await main();

async function main(): Promise<void> {
  const toolchain = findToolchain();
  if ('missing' in toolchain) {
    sayMissing(toolchain.missing);
    process.exitCode = 1;
    return;
  }
  const steps = await predictAll(toolchain);
  process.stdout.write(`${align(stepRows(steps)).join('\n')}\n`);
  if (options.kernels) for (const step of steps) printKernels(step);
  if (options.json !== undefined) await writeJson(options.json, { gpu: h100, steps });
  if (options.write) await writeBetweenMarks(DOCUMENT, 'model', markdown(stepRows(steps)));
}

async function predictAll(toolchain: Toolchain): Promise<PredictedStep[]> {
  const steps: PredictedStep[] = [];
  for (const model of options.models) {
    for (const batch of options.batches.map(Number)) {
      process.stderr.write(`${model} batch ${batch}\n`);
      steps.push({ model, batch, dispatches: await predictStep(model, batch, h100, toolchain) });
    }
  }
  return steps;
}

function stepRows(steps: readonly PredictedStep[]): string[][] {
  return [
    ['step', 'batch', 'dispatches', 'µs', ...bounds.map((bound) => `bound by ${bound}`)],
    ...steps.map(({ model, batch, dispatches }) => [
      model,
      String(batch),
      String(dispatches.length),
      sum(dispatches).toFixed(0),
      ...bounds.map((bound) => {
        const share = sum(dispatches.filter((one) => one.bound === bound)) / sum(dispatches);
        return `${(100 * share).toFixed(0)} %`;
      }),
    ]),
  ];
}

function printKernels({ model, batch, dispatches }: PredictedStep): void {
  const labels = [...new Set(dispatches.map(({ label }) => label))];
  const rows = labels
    .map((label) => dispatches.filter((dispatch) => dispatch.label === label))
    .sort((a, b) => sum(b) - sum(a))
    .map((same) => {
      const flops = same.reduce((all, { product }) => all + (product?.flops ?? 0), 0);
      const rate = flops === 0 ? '' : (flops / sum(same) / 1e6).toFixed(1);
      const most = same.reduce((a, b) => (b.microseconds > a.microseconds ? b : a));
      return [most.label, most.bound, String(same.length), sum(same).toFixed(1), rate];
    });
  const head = ['kernel', 'longest bound by', 'dispatches', 'µs', 'TFLOP/s'];
  process.stdout.write(`\n${model} batch ${batch}\n${align([head, ...rows]).join('\n')}\n`);
}

function markdown([head = [], ...rows]: string[][]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join(
    '\n',
  );
}

function sum(dispatches: readonly PredictedDispatch[]): number {
  return dispatches.reduce((total, { microseconds }) => total + microseconds, 0);
}
