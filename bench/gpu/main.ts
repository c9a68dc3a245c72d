// `npm run bench:gpu`: measures, unattended, what only a machine with a GPU can tell. Each stage has a
// process and a time limit of its own, writes FOLDER/<stage>.jsonl, one result a line, and goes on
// where an earlier run on the same GPU was cut off.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, InvalidArgumentError, program } from 'commander';
import { messageOf } from '../../src/cause.ts';
import { describe } from '../../src/device/webgpu/adapter.ts';
import { openHardware } from './hardware.ts';
import { type StageName, stageNames, stages } from './stages.ts';

interface Options {
  readonly dry?: boolean;
  readonly out: string;
  readonly seconds?: number;
}

program
  .name('npm run bench:gpu --')
  .description('Measure on a GPU what cannot be known without one.')
  .addArgument(new Argument('<stages...>', 'which').choices([...stageNames, 'all']))
  .option('--dry', 'try the stages on a software adapter, briefly; the results stand for nothing')
  .option('--out <folder>', 'where the lines go', process.env.OUT ?? join('runs', 'gpu'))
  .option('--seconds <n>', "another limit than a stage's own", positive)
  .addHelpText(
    'after',
    `\nStages, and the seconds that each may take:\n${stageNames
      .map(
        (name) =>
          `  ${name.padEnd(10)} ${String(stages[name].seconds).padStart(3)}  ${stages[name].about}`,
      )
      .join('\n')}`,
  )
  .parse();

await main(program.args, program.opts<Options>());

async function main(named: readonly string[], { dry = false, out, seconds }: Options) {
  try {
    process.stdout.write(`${describe((await openHardware(dry)).info)}\n`);
  } catch (error) {
    process.stderr.write(`Nothing is measured: ${messageOf(error)}.\n`);
    process.exit(1);
  }
  const chosen = named.includes('all')
    ? stageNames
    : stageNames.filter((name) => named.includes(name));
  const failed: StageName[] = [];
  for (const name of chosen) {
    const limit = seconds ?? stages[name].seconds;
    process.stdout.write(`${name}, at most ${limit} s\n`);
    const started = performance.now();
    const why = await runStage(name, resolve(out), limit, dry);
    const took = Math.round((performance.now() - started) / 1e3);
    process.stdout.write(`${name} took ${took} s${why === undefined ? '' : `: ${why}`}\n`);
    if (why !== undefined) failed.push(name);
  }
  process.exit(failed.length > 0 ? 1 : 0);
}

/** Runs a stage to its end or its limit; resolves to what went wrong, if anything. */
function runStage(name: StageName, folder: string, seconds: number, dry: boolean) {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  // It is to end by itself; what hangs in a driver is ended.
  const own = Math.max(1, seconds - 10);
  const args = [...process.execArgv, script, name, folder, String(own), ...(dry ? ['--dry'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = text.split('\n').filter((line) => line && !/artificially reduced/.test(line));
    if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, seconds * 1e3);
  return new Promise<string | undefined>((settle) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      // A stage that has said all it has to say may end itself by a signal.
      if (isLate) settle('its time was up');
      else if (code === 0 || signal === 'SIGKILL') settle(undefined);
      else settle(`it ended with ${signal ?? `code ${code}`}`);
    });
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
