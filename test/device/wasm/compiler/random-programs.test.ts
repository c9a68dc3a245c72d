import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelCompileError } from '../../../../src/device/wasm/compiler/compile.ts';
import { dawn, runOnDawn } from './dawn.ts';
import { GROUPS, generateProgram, INPUTS, INVOCATIONS, RESULTS } from './program-generator.ts';
import { runModule } from './run-module.ts';

const test = suite('random programs on the wasm device');
const RUNS = Number(process.env.WGRAD_RANDOM_PROGRAMS ?? 60);

function inputs(): Uint32Array[] {
  const floats = Float32Array.from({ length: INPUTS }, (_, i) => ((i * 37) % 65) / 8 - 4);
  const words = Uint32Array.from(
    { length: INPUTS },
    (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> (i % 29),
  );
  return [new Uint32Array(floats.buffer), words, new Uint32Array(GROUPS * INVOCATIONS * RESULTS)];
}

/** Zeros of both signs and all NaNs are alike: WGSL does not tell which one comes out. */
function canonical(words: Uint32Array): number[] {
  return Array.from(words, (word, i) => {
    if (i % RESULTS !== 2) return word;
    if ((word & 0x7fffffff) > 0x7f800000) return 0x7fc00000;
    return word === 0x80000000 ? 0 : word;
  });
}

test('give the same results as on WebGPU, with and without bounds checks', async () => {
  const device = await dawn();
  const params = Uint32Array.of(3, 0, 1, -2);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5039 }), { minLength: 0, maxLength: 300, size: 'max' }),
      async (choices) => {
        const source = generateProgram(choices);
        const program = { name: 'random', source };
        const [mine, checked, theirs] = [inputs(), inputs(), inputs()];
        runModule({ program, buffers: mine, params, workgroups: GROUPS });
        runModule({ program, buffers: checked, params, workgroups: GROUPS, bounds: true });
        assert.equal(checked[2], mine[2], `bounds checks change the result of\n${source}`);
        if (!device) return;
        await runOnDawn(device, program, theirs, params, GROUPS);
        const [got, wanted] = [mine[2], theirs[2]].map((words) => canonical(words as Uint32Array));
        assert.equal(got, wanted, source);
      },
    ),
    {
      interruptAfterTimeLimit: 60_000,
      numRuns: RUNS,
      seed: process.env.WGRAD_SEED ? Number(process.env.WGRAD_SEED) : 20260101,
    },
  );
});

test('with one token changed, compile or fail with a KernelCompileError', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 5039 }), { maxLength: 200, size: 'max' }),
      fc.nat(),
      fc.constantFrom(
        '',
        'x0',
        'n0',
        '1.5',
        '2u',
        '+',
        '(',
        ')',
        '{',
        '}',
        ';',
        'true',
        'vec2<f32>',
        'let',
        '&&',
        '.y',
        '[7]',
      ),
      (choices, where, token) => {
        const source = generateProgram(choices);
        const tokens = [...source.matchAll(/\w+|[^\s\w]/g)];
        const at = tokens[where % tokens.length] as RegExpExecArray;
        const changed = `${source.slice(0, at.index)} ${token} ${source.slice(at.index + at[0].length)}`;
        try {
          const kernel = runModule({
            program: { name: 'changed', source: changed },
            buffers: [],
            workgroups: 0,
          });
          assert.ok(kernel.bytes.length > 0);
        } catch (error) {
          if (error instanceof KernelCompileError) return;
          throw new Error(`${error}\n${changed}`, { cause: error });
        }
      },
    ),
    { numRuns: RUNS * 5 },
  );
});

test.run();
