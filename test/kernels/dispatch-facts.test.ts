import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dispatchFacts } from '../../src/kernels/dispatch-facts.ts';

const test = suite('what a dispatch has to do');

// What it writes is declared first, as where it stands in a text of functions.
const source = `const BIAS = 4u;
struct Params { rows: u32, columns: u32, reduction: u32 }
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(BIAS) var<storage, read> bias: array<f32>;`;
const program = { name: 'a_product', source };
const bound = [
  { place: 'a', bytes: 800, shape: [10, 20] },
  { place: 'b', bytes: 2400 },
  { place: 'result', bytes: 1200, shape: [10, 30] },
  { place: 'bias', bytes: 120, shape: [30] },
];

test('bytes by access, operations by the names of parameters, shapes of tensors', () => {
  assert.equal(dispatchFacts({ program, bound, params: [10, 30, 20], workgroups: 7 }), {
    kernel: 'a_product',
    shapes: '10×20 30 → 10×30',
    workgroups: 7,
    bytesRead: 800 + 2400 + 120,
    bytesWritten: 1200,
    flops: 2 * 10 * 30 * 20,
  });
});

test('what is bound twice counts once', () => {
  const twice = bound.map((one, i) => (i === 1 ? { ...one, place: 'a', bytes: 800 } : one));
  const facts = dispatchFacts({ program, bound: twice, params: [10, 30, 20], workgroups: 7 });
  assert.is(facts.bytesRead, 800 + 120);
});

test('a scalar has size 1, and many shapes are counted', () => {
  const declared = [1, 2, 3, 4, 5].map(
    (at) => `@group(0) @binding(${at}) var<storage, read> operand${at}: array<f32>;`,
  );
  const result = '@group(0) @binding(6) var<storage, read_write> result: array<f32>;';
  const facts = dispatchFacts({
    program: { name: 'fused', source: [...declared, result].join('\n') },
    bound: [[2, 3], [3], [], [1], [2, 1], [2, 3]].map((shape, place) => ({
      place,
      bytes: 4,
      shape,
    })),
    params: Uint32Array.of(6),
    workgroups: 1,
  });
  assert.is(facts.shapes, '2×3 3 1 +2 → 2×3');
  assert.is(facts.flops, undefined);
});

test.run();
