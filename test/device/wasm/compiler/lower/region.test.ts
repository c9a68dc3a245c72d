import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runModule } from '../run-module.ts';

const test = suite('regions between barriers');

const HEAD = `
struct Params { x: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
var<workgroup> shared_sum: array<u32, 8>;
@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) i: u32) {
  shared_sum[i] = i;
`;
const MEETING = 'workgroupBarrier(); let other = shared_sum[7u - i]; workgroupBarrier();';

// Invocations 6 and 7 return before the last store, wherever that stands.
const bodies = {
  'in the same block': `${MEETING} if (i > 5u) { return; } result[i] = 10u + other;`,
  'in a block of its own': `{ ${MEETING} shared_sum[i] = other; if (i > 5u) { return; } }
    result[i] = 10u + shared_sum[i];`,
  'behind a choice by a constant': `if (1u > 0u) { ${MEETING} shared_sum[i] = other; if (i > 5u) { return; } }
    result[i] = 10u + shared_sum[i];`,
  'behind a choice for all': `if (params.x == 1u) { ${MEETING} if (i > 5u) { return; } result[i] = 10u + other; }`,
  'behind a choice by a constant within one for all': `if (params.x == 1u) {
      if (1u > 0u) { ${MEETING} shared_sum[i] = other; if (i > 5u) { return; } }
      result[i] = 10u + shared_sum[i];
    }`,
};

for (const [where, body] of Object.entries(bodies)) {
  test(`whoever returns early leaves the others alone: ${where}`, () => {
    const result = new Uint32Array(8);
    const program = { name: 'returns', source: `${HEAD}${body}\n}` };
    runModule({ program, buffers: [result], params: Uint32Array.of(1), workgroups: 1 });
    assert.equal([...result], [17, 16, 15, 14, 13, 12, 0, 0]);
  });
}

test('where all return, what follows is left out for all', () => {
  const result = new Uint32Array(8);
  const source = `${HEAD} if (params.x == 1u) { return; } ${MEETING} result[i] = other; }`;
  const program = { name: 'returns', source };
  for (const [x, first] of [
    [1, 0],
    [2, 7],
  ] as const) {
    runModule({ program, buffers: [result], params: Uint32Array.of(x), workgroups: 1 });
    assert.is(result[0], first);
  }
});

test.run();
