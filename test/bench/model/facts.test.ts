// What the model reads off a launch: bytes, and the steps of a product by its shader's names.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DryDispatch } from '../../../bench/dry-run/dry-device.ts';
import { constantsOf, paramsOf, segmentSteps } from '../../../bench/dry-run/names.ts';
import { stepDispatches } from '../../../bench/dry-run/step-dispatches.ts';
import { factsOf } from '../../../bench/model/facts.ts';
import { trainStepFlops } from '../../../bench/models.ts';

const test = suite('bench model facts');

const instructions = { fma: 50, valu: 30, lds: 10, vmem: 5, smem: 0, salu: 5 };
const code = {
  workgroupSize: 128,
  registers: 100,
  spills: 0,
  scratchBytes: 0,
  waves: 14,
  workgroupBytes: 8704,
  codeBytes: 4000,
  instructions,
  loop: { innermost: instructions, nest: instructions, hasUnknownTurns: false, loadsAhead: true },
};

const buffer = (id: number) => ({ id, bytes: 4096, isMissing: false, destroy() {} });
const bound = (id: number) => ({ buffer: buffer(id), offset: 0, bytes: 4096 });
const source = `const TILE_ROWS = 128u;
const TILE_COLUMNS = 64u;
const DEPTH = 8u;
struct Params { rows: u32, columns: u32, reduction: u32, reductionPerSplit: u32, segmentLength: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;`;
const dispatch: DryDispatch = {
  program: { name: 'a_product', source },
  workgroups: 10,
  params: Uint32Array.of(100, 60, 1000, 500, 32),
  bindings: [bound(1), bound(2), bound(2), bound(3)],
};

test('parameters and constants are found by name', () => {
  assert.is(paramsOf(dispatch)('reduction'), 1000);
  assert.is(paramsOf(dispatch)('depth'), undefined);
  assert.is(constantsOf(dispatch.program)('TILE_ROWS'), 128);
  assert.is(segmentSteps(dispatch), 4);
});

test('steps, instructions a step and bytes of a product', () => {
  const facts = factsOf(dispatch, code);
  assert.equal(facts.product, {
    flops: 2 * 100 * 60 * 1000,
    steps: 63,
    instructions: (128 * 64 * 8) / 128 / 0.5,
    integers: ((128 * 64 * 8) / 128) * 0.6,
    loadsAhead: true,
  });
  assert.is(facts.bytesRead, 2 * 4096, 'what is bound twice counts once');
  assert.is(facts.bytesWritten, 4096);
});

test('the products of a step are found, with the operations that they must have', async () => {
  const dispatches = await stepDispatches('convnet', 128);
  const flops = dispatches.reduce((sum, dry) => sum + (factsOf(dry, code).product?.flops ?? 0), 0);
  // A kernel of another kind may compute the first layer, which is little of it.
  const ratio = flops / trainStepFlops('convnet', 128);
  // Taps outside an image count as well, as the kernels compute them.
  assert.ok(ratio > 0.9 && ratio < 1.3, String(ratio));
});

test.run();
