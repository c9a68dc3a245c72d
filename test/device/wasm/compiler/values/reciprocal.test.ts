import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runModule } from '../run-module.ts';

const test = suite('reciprocals');

const WORKGROUP = 4;
const SOURCE = `
struct Params { count: u32, divisor: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> quotients: array<u32>;
@group(0) @binding(3) var<storage, read_write> rests: array<u32>;
@compute @workgroup_size(${WORKGROUP}) fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group.x * ${WORKGROUP}u + lane;
  if (i >= params.count) { return; }
  quotients[i] = values[i] / params.divisor;
  rests[i] = values[i] % params.divisor;
}`;

/** Divides on the device, and says how many bytes of scratch memory that took. */
function divide(values: readonly number[], divisor: number) {
  const quotients = new Uint32Array(values.length);
  const rests = new Uint32Array(values.length);
  const { scratchBytes } = runModule({
    program: { name: 'divide', source: SOURCE },
    buffers: [Uint32Array.from(values), quotients, rests],
    params: Uint32Array.of(values.length, divisor, 0, 0),
    workgroups: Math.ceil(values.length / WORKGROUP),
  });
  return { quotients: [...quotients], rests: [...rests], scratchBytes };
}

function check(values: readonly number[], divisor: number): void {
  const { quotients, rests } = divide(values, divisor);
  const by = divisor === 0 ? 1 : divisor;
  assert.equal(
    quotients,
    values.map((n) => Math.floor(n / by)),
    `/ ${divisor}`,
  );
  assert.equal(
    rests,
    values.map((n) => n % by),
    `% ${divisor}`,
  );
}

const MOST = 2 ** 32 - 1;

test('small divisors, powers of two and their neighbours, at multiples and their neighbours', () => {
  const divisors = new Set<number>();
  for (let d = 0; d <= 40; d++) divisors.add(d);
  for (let k = 5; k <= 32; k++) {
    for (const d of [2 ** k - 1, 2 ** k, 2 ** k + 1]) if (d <= MOST) divisors.add(d);
  }
  for (const d of divisors) {
    const values = [0, 1, MOST - 1, MOST, 2 ** 31 - 1, 2 ** 31];
    const most = Math.floor(MOST / Math.max(d, 1));
    for (const q of [1, 2, Math.floor(most / 2), most - 1, most]) {
      for (const n of [q * d - 1, q * d, q * d + 1]) if (n >= 0 && n <= MOST) values.push(n);
    }
    check(values, d);
  }
});

test('any numbers', () => {
  const word = () => fc.oneof(fc.integer({ min: 0, max: MOST }), fc.integer({ min: 0, max: 5000 }));
  const values = fc.array(word(), { minLength: 1, maxLength: 9 });
  fc.assert(fc.property(values, word(), check), { numRuns: 500 });
});

test('one divisor has one reciprocal, of 24 bytes', () => {
  assert.is(divide([1], 1).scratchBytes, 24);
});

test.run();
