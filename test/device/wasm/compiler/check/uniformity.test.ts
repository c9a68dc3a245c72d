import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile, KernelCompileError } from '../../../../../src/device/wasm/compiler/compile.ts';
import { dawn } from '../dawn.ts';

const test = suite('barriers in uniform control flow');

const HEAD = `@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
var<workgroup> partial: array<u32, 8>;
fn twice(x: u32) -> u32 { return 2u * x; }
fn wait() { workgroupBarrier(); }
fn early(x: u32) -> u32 { if (x > 2u) { return 1u; } return 0u; }
fn put(place: ptr<function, u32>, x: u32) { *place = x; }
fn look(place: ptr<function, u32>) -> u32 { return *place; }
@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>, @builtin(global_invocation_id) id: vec3<u32>) {
  result[0] = values[0]; partial[lane] = params.x;
`;
/** Where the bodies start. */
const FIRST_LINE = HEAD.split('\n').length;

const accepted: readonly string[] = [
  'workgroupBarrier();',
  'if (params.x > 1u) { workgroupBarrier(); }',
  'if (group.x + group.y * groups.x > 1u) { storageBarrier(); } else { wait(); }',
  'if (values[params.x] == 0u) { workgroupBarrier(); }',
  'if (arrayLength(&result) > 2u) { workgroupBarrier(); }',
  'if (lane > 3u) { partial[lane] = 1u; } workgroupBarrier();',
  'if (early(lane) == 1u) { partial[lane] = 1u; } workgroupBarrier();',
  'for (var i = 0u; i < params.x; i++) { workgroupBarrier(); }',
  'for (var i = 4u; i > 0u; i >>= 1u) { if (lane < i) { partial[lane] += partial[lane + i]; } workgroupBarrier(); }',
  'for (var i = 0u; i < 5u; i++) { if (i == lane) { break; } partial[lane] = i; } workgroupBarrier();',
  'for (var i = 0u; i < 5u; i++) { if (i == lane) { continue; } partial[lane] = i; } workgroupBarrier();',
  'var x = lane; x = params.x; if (x > 2u) { workgroupBarrier(); }',
  'let x = twice(group.x); if (x > 2u) { workgroupBarrier(); }',
  'var x = 1u; put(&x, params.y); if (look(&x) > 2u) { workgroupBarrier(); }',
  'if (group.x > 100u) { return; } workgroupBarrier();',
  'var i = 0u; loop { workgroupBarrier(); continuing { i++; break if i >= params.x; } }',
  'switch (lane) { case 1u: { partial[lane] = 1u; } default: { break; } } workgroupBarrier();',
];

/** Bodies, the line among theirs with what lets invocations part, and what is said about it. */
const rejected: readonly (readonly [string, number, RegExp])[] = [
  ['if (lane > 3u) {\n workgroupBarrier(); }', 1, /'if' depends on .*local_invocation_index/],
  ['let x = twice(id.x);\nif (x > 3u) { wait(); }', 2, /'if' depends on .*global_invocation_id/],
  ['if (lane > 3u) {\n return; }\nworkgroupBarrier();', 1, /'if' depends on/],
  ['if (result[0] > 3u) { storageBarrier(); }', 1, /'if' depends on what 'result' holds/],
  ['if (partial[0] > 3u) { workgroupBarrier(); }', 1, /'if' depends on what 'partial' holds/],
  ['if (values[lane] > 3u) { workgroupBarrier(); }', 1, /'if' depends on/],
  [
    'for (var i = 0u; i < lane; i++) { workgroupBarrier(); }',
    1,
    /loop depends on .*local_invocation_index/,
  ],
  [
    'var n = 0u;\nfor (var i = 0u; i < 3u; i++) {\n if (n > 1u) { workgroupBarrier(); }\n n += lane; }',
    3,
    /'if' depends on/,
  ],
  [
    'var i = 0u; loop {\nworkgroupBarrier(); if (i > 3u) { break; }\n continuing { i += lane;\n break if i > 7u; } }',
    1,
    /loop depends on/,
  ],
  ['var x = 0u;\nif (lane == 0u) { x = 1u; }\nif (x == 1u) { workgroupBarrier(); }', 3, /'if'/],
  ['var x = 0u; put(&x, lane);\nif (x > 2u) { workgroupBarrier(); }', 2, /'if' depends on/],
  ['var x = lane;\nif (look(&x) > 2u) { workgroupBarrier(); }', 2, /'if' depends on/],
  ['var x = array<u32, 2>(); x[lane & 1u] = 1u;\nif (x[0] > 2u) { wait(); }', 2, /'if'/],
  ['if (early(lane) > 2u) { workgroupBarrier(); }', 1, /'if' depends on/],
  ['switch (lane) { case 1u: { workgroupBarrier(); } default: { } }', 1, /'switch' depends on/],
  ['if (params.x > 1u && lane > 2u) { workgroupBarrier(); }', 1, /'if' depends on/],
  ['if (params.x > 1u) { if (lane > 2u) {\n wait(); } }', 1, /'if' depends on/],
];

async function agrees(source: string, valid: boolean): Promise<void> {
  const device = await dawn();
  if (!device) return;
  let said = '';
  await device.compile([{ name: 'uniformity', source }]).catch((error) => {
    said = String(error);
  });
  if (valid) assert.is(said, '', source);
  else assert.match(said, /uniform control flow/, source);
}

for (const body of accepted) {
  test(`are taken: ${body}`, async () => {
    const source = `${HEAD}${body}\n}`;
    compile({ name: 'uniformity', source }, { fma: false, bounds: false });
    await agrees(source, true);
  });
}

for (const [body, line, message] of rejected) {
  test(`else are refused: ${body.replaceAll('\n', ' ')}`, async () => {
    const source = `${HEAD}${body}\n}`;
    try {
      compile({ name: 'the_kernel', source }, { fma: false, bounds: false });
      assert.unreachable('it compiles');
    } catch (error) {
      assert.instance(error, KernelCompileError);
      const { message: said } = error as KernelCompileError;
      assert.match(said, /Kernel the_kernel .*Barrier' in non-uniform control flow/s);
      assert.match(said, message);
      const note = Number(/(\d+):\d+ note: this/.exec(said)?.[1]);
      assert.is(note - FIRST_LINE + 1, line, said);
    }
    await agrees(source, false);
  });
}

test('the error is at the barrier, wherever it stands', () => {
  const source = `${HEAD}if (lane > 3u) {\n wait(); }\n}`;
  try {
    compile({ name: 'the_kernel', source }, { fma: false, bounds: false });
    assert.unreachable('it compiles');
  } catch (error) {
    assert.is((error as KernelCompileError).line, 6);
  }
});

test.run();
