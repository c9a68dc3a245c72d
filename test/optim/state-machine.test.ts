import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { device } from '../../src/index.ts';
import { StateMachine } from './state-machine.ts';

// Programs of reads, assignments, losses, steps, moments, saves and loads in any order, waited for
// or not, against the same program in f64: everything has the right value, or is refused with
// StaleTensorError where it was built from a value that has been replaced. WGRAD_SEED and WGRAD_RUNS
// choose others and more of them; a failure prints the seed and the shortest program found.

const test = suite('variables and optimizers');

const settings = {
  seed: Number(process.env.WGRAD_SEED ?? 1),
  numRuns: Number(process.env.WGRAD_RUNS ?? 40),
  interruptAfterTimeLimit: 300_000,
  includeErrorInReport: true,
};

const number = fc.nat(1000);
const programs = fc.array(fc.tuple(number, number, number, fc.boolean()), {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});

test.before(async () => {
  await device();
});

test('hold what f64 says, whatever the program', async () => {
  const done: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const machine = new StateMachine();
      await machine.run(program);
      for (const [what, count] of Object.entries(machine.counts)) {
        done[what] = (done[what] ?? 0) + count;
      }
    }),
    settings,
  );
  if (process.env.WGRAD_RUNS) console.log(done);
  for (const [what, count] of Object.entries(done)) assert.ok(count > 0, `no ${what}`);
});

test.run();
