// Plants single faults in a copy of the checkout, one after the other, and runs the tests that
// should notice: npm run test:mutants. It ends with 1 where one went unnoticed.
import '../../scripts/closed-pipe.mjs';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { copyOfCheckout } from '../checkout-copy.ts';
import { describe, type Mutant, mutants, plant, subjectNames } from './mutant.ts';

const command = new Command('npm run test:mutants --')
  .description('Plant single faults in a copy of the checkout; each must be noticed by some test.')
  .argument(
    '[parts...]',
    `only faults whose subject (${subjectNames.join(', ')}) or file has one of these in it`,
  )
  .option('--list', 'name the faults and plant none')
  .addHelpText('after', '\nExample:\n  npm run test:mutants -- optimizers pooling')
  .parse();
const parts = command.args;
const chosen = mutants.filter(
  ({ subject, file }) =>
    parts.length === 0 || parts.some((part) => subject === part || file.includes(part)),
);
if (chosen.length === 0) command.error(`No fault is in ${parts.join(' or ')}; --list names all.`);
if (command.opts<{ list?: boolean }>().list) {
  for (const mutant of chosen) console.log(`${mutant.subject}  ${describe(mutant)}`);
  process.exit();
}

// A planted fault may make a test wait for ever, which counts as noticed.
const LONGEST_MS = 120_000;

const folder = await mkdtemp(join(tmpdir(), 'wgrad-mutants-'));
const checkout = join(folder, 'checkout');
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    await rm(folder, { recursive: true, force: true });
    process.exit(1);
  });
}

/** Whether the tests pass in the copy. */
function pass(tests: readonly string[], longest?: number): Promise<boolean> {
  const child = spawn(process.execPath, ['scripts/test.mjs', ...tests, '--device', 'wasm'], {
    cwd: checkout,
    stdio: 'ignore',
    detached: true,
  });
  const stop = () => process.kill(-(child.pid ?? 0), 'SIGKILL');
  const timer = longest === undefined ? undefined : setTimeout(stop, longest);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

async function isNoticed(mutant: Mutant): Promise<boolean> {
  const takeOut = await plant(checkout, mutant);
  try {
    return !(await pass(mutant.tests, LONGEST_MS));
  } finally {
    await takeOut();
  }
}

try {
  await copyOfCheckout(checkout);
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  console.log(`Without a fault: ${tests.join(' ')}`);
  if (!(await pass(tests))) {
    console.error(`These tests fail without a fault; run npm test -- ${tests.join(' ')}`);
    process.exitCode = 1;
  } else {
    const survivors: Mutant[] = [];
    for (const [i, mutant] of chosen.entries()) {
      const start = performance.now();
      const noticed = await isNoticed(mutant);
      if (!noticed) survivors.push(mutant);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const place = `${i + 1}/${chosen.length}`;
      console.log(
        `${place}  ${noticed ? 'noticed ' : 'SURVIVED'}  ${seconds} s  ${describe(mutant)}`,
      );
    }
    for (const mutant of survivors)
      console.log(`✘ ${describe(mutant)}  (${mutant.tests.join(' ')})`);
    console.log(`${chosen.length - survivors.length} noticed, ${survivors.length} survived`);
    process.exitCode = survivors.length > 0 ? 1 : 0;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
