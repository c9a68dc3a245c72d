import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../../../src/device/wasm/compiler/compile.ts';
import { generateBarriers } from './barrier-generator.ts';
import { dawn } from './dawn.ts';

const test = suite('barriers in random control flow');
const RUNS = Number(process.env.WGRAD_RANDOM_PROGRAMS ?? 150);

/** What a compiler says of a program; nothing where it takes it. */
async function saidOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    return String(error);
  }
}

test('are refused where WebGPU refuses them, and nowhere else', async () => {
  const device = await dawn();
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5039 }), { maxLength: 300, size: 'max' }),
      async (choices) => {
        const program = { name: 'random', source: generateBarriers(choices) };
        const mine = await saidOf(() => compile(program, { fma: false, bounds: false }));
        const isRefused = /in non-uniform control flow/.test(mine);
        if (isRefused) refused++;
        if (!device) return;
        const theirs = await saidOf(() => device.compile([program]));
        assert.is(isRefused, /uniform control flow/.test(theirs), `${program.source}\n${mine}`);
        if (!isRefused) assert.is(theirs, '', program.source);
      },
    ),
    {
      interruptAfterTimeLimit: 60_000,
      numRuns: RUNS,
      seed: process.env.WGRAD_SEED ? Number(process.env.WGRAD_SEED) : 20260101,
    },
  );
  assert.ok(refused > RUNS / 10 && refused < (RUNS * 9) / 10, `${refused} of ${RUNS}`);
});

test.run();
