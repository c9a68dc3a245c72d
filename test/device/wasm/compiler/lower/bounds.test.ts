import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BufferSlice, Kernel } from '../../../../../src/device/device.ts';
import { compile } from '../../../../../src/device/wasm/compiler/compile.ts';
import { openWasm } from '../../../../../src/device/wasm/open-wasm.ts';
import type { WasmDevice } from '../../../../../src/device/wasm/wasm-device.ts';
import { DeviceError } from '../../../../../src/errors.ts';

const test = suite('accesses outside arrays, in bounds mode');

const HEAD = `struct Params { at: u32, at_signed: i32, limit: u32, size: u32 }
struct Block { head: vec4<u32>, rest: array<u32> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
@group(0) @binding(3) var<storage, read_write> block: Block;
var<workgroup> shared_values: array<vec2<u32>, 8>;
fn three() -> array<u32, 3> { return array<u32, 3>(1u, 2u, 3u); }
fn at_place(place: ptr<function, array<u32, 5>>, i: u32) -> u32 { return (*place)[i]; }
@compute @workgroup_size(4, 2) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = group.x * 8u + lane;
  var few = array<u32, 5>();
  var many = array<u32, 200>();
  var four = vec4<u32>(i);
`;
const FIRST_LINE = HEAD.split('\n').length;
/** Words of each of the three buffers. */
const WORDS = 64;
const GROUPS = 40;

let devices: Promise<WasmDevice[]> | undefined;

/** With one thread and with three. */
function opened(): Promise<WasmDevice[]> {
  devices ??= Promise.all([1, 3].map((threads) => openWasm({ bounds: true, threads })));
  return devices;
}

test.after(async () => {
  for (const device of await opened()) device.destroy();
});

interface Outcome {
  readonly message: string;
  /** The buffers, what lies between them included. */
  readonly words: Uint32Array;
}

async function kernelOf(device: WasmDevice, body: string): Promise<Kernel> {
  const [kernel] = await device.compile([{ name: 'the_kernel', source: `${HEAD}${body}` }]);
  assert.ok(kernel);
  return kernel;
}

/** Runs a body; the three buffers lie in one, with words of 7 between and in them. */
async function run(
  device: WasmDevice,
  body: string,
  params: readonly number[],
  workgroups = GROUPS,
): Promise<Outcome> {
  const kernel = await kernelOf(device, `${body}\n}`);
  const bytes = 256 * 7;
  const buffer = device.createBuffer(bytes, 'test');
  const whole = { buffer, offset: 0, bytes };
  device.write(whole, new Uint32Array(bytes / 4).fill(7));
  const bindings = [1, 3, 5].map(
    (part): BufferSlice => ({ buffer, offset: 256 * part, bytes: 4 * WORDS }),
  );
  const recording = device.record([
    { kernel, bindings, params: Uint32Array.from(params), workgroups },
  ]);
  let message = '';
  try {
    await device.submit(recording, []);
  } catch (error) {
    assert.instance(error, DeviceError);
    ({ message } = error as DeviceError);
  }
  const words = new Uint32Array(await device.read(whole));
  recording.destroy();
  buffer.destroy();
  return { message, words };
}

/** Bodies, the uniform words, the line of the body, and the start of what is said. */
const outside: readonly (readonly [string, readonly number[], number, RegExp])[] = [
  ['result[i] = 1u;', [], 1, /element 64 of 'result', which has 64 elements/],
  ['if (i < 64u) {\n result[i] = values[params.at]; }', [64], 2, /element 64 of 'values'/],
  ['if (i == 3u) { result[params.at_signed] += 1u; }', [0, -2], 1, /element -2 of 'result'/],
  ['block.rest[params.at] = 1u;', [60], 1, /element 60 of 'block', which has 60 elements/],
  ['shared_values[params.at].x = i;', [8], 1, /element 8 of 'shared_values', which has 8/],
  ['workgroupBarrier();\nshared_values[lane].y = shared_values[lane + 1u].x;', [], 2, /element 8/],
  ['let x = shared_values[lane][params.at];', [2], 1, /element 2 of 'shared_values', which has 2/],
  [
    'few[params.at] = 1u;\nblock.head.x = few[lane % 5u];',
    [5],
    1,
    /element 5 of 'few', which has 5/,
  ],
  ['block.head.x = at_place(&few, params.at);', [9], -5, /element 9 of 'few', which has 5/],
  ['many[params.at] = 1u;', [4294967295], 1, /element 4294967295 of 'many', which has 200/],
  ['four[params.at] = 1u; block.head.x = four.x;', [4], 1, /element 4 of 'four', which has 4/],
  ['let here = few; block.head.x = here[params.at];', [5], 1, /element 5 of 'here', which has 5/],
  ['block.head.x = three()[params.at];', [3], 1, /element 3 of 'three', which has 3/],
  ['let x = params.at < 64u && values[params.at + 1u] > 1u;', [63], 1, /element 64 of 'values'/],
];

for (const [body, params, line, message] of outside) {
  test(`are named: ${body.replace('\n', ' ')} with ${params}`, async () => {
    for (const device of await opened()) {
      const all = [...params, 0, 0, 0, 0].slice(0, 4);
      const { message: said, words } = await run(device, body, all);
      assert.match(said, message);
      assert.match(said, `Kernel the_kernel takes`);
      assert.is(Number(/in line (\d+)/.exec(said)?.[1]) - FIRST_LINE + 1, line, said);
      assert.match(said, (`${HEAD}${body}`.split('\n')[FIRST_LINE - 2 + line] as string).trim());
      for (const part of [0, 2, 4, 6]) {
        assert.ok(
          words.subarray(part * 64, part * 64 + 64).every((word) => word === 7),
          `memory beside the bindings changed: ${said}`,
        );
      }
    }
  });
}

test('name the first invocation, and the same one however many threads there are', async () => {
  for (const device of await opened()) {
    const body = 'if (i >= 101u) { result[i] = 1u; }';
    const { message } = await run(device, body, [0, 0, 0, 0]);
    assert.match(message, 'element 101 of');
    assert.match(message, 'workgroup 12, local invocation (1, 1, 0), global invocation (49, 1, 0)');
  }
});

test('are those that happen: what a condition leaves out is none', async () => {
  const harmless = [
    'if (i < 64u) { result[i] = values[i]; }',
    'let x = i < 64u && values[i] > 1u; if (x) { result[0] = 1u; }',
    'let x = params.at >= 5u || few[params.at] > 1u; if (x) { block.head.x = 1u; }',
    'for (var k = 0u; k < arrayLength(&block.rest); k++) { block.rest[k] = k; }',
    'for (var k = 0; k < 5; k++) { few[k] = u32(k); } block.head.x = few[lane % 5u];',
    'block.head.x = u32(sin(f32(i) * 1e6));',
  ];
  for (const device of await opened()) {
    for (const body of harmless) {
      assert.is((await run(device, body, [5, 0, 0, 0])).message, '', body);
    }
  }
});

test('are noticed whichever thread made them', async () => {
  const [, device] = (await opened()) as [WasmDevice, WasmDevice];
  while ((device.workers?.started ?? 0) < device.threads - 1) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const busy = 'for (var k = 0u; k < 300u; k++) { many[k % 200u] += four.y; four.y ^= k; }';
  const body = `${busy} if (group.x == params.at && lane == 5u) { result[params.limit + many[0] % 2u] = 1u; }`;
  for (let group = 3; group < 3000; group += 117) {
    const { message } = await run(device, body, [group, 0, 64, 0], 3000);
    assert.match(message, `workgroup ${group}, local invocation (1, 1, 0)`);
  }
});

test('leave the device usable, and are not said twice', async () => {
  for (const device of await opened()) {
    const body = 'if (params.at > 3u) { result[i] = 1u; }';
    assert.match((await run(device, body, [4, 0, 0, 0])).message, /element 64/);
    assert.is((await run(device, body, [3, 0, 0, 0])).message, '');
  }
});

test('a binding with less than what a kernel names is refused where it is recorded', async () => {
  const [device] = (await opened()) as [WasmDevice];
  const kernel = await kernelOf(device, 'block.rest[0] = 1u; }');
  const buffer = device.createBuffer(64, 'test');
  const slice = { buffer, offset: 0, bytes: 16 };
  const dispatch = { kernel, params: new Uint32Array(4), workgroups: 1 };
  assert.throws(
    () => device.record([{ ...dispatch, bindings: [slice, slice, slice] }]),
    /the_kernel needs 32 bytes or more at binding 3, but was given 16/,
  );
});

test('cost nothing without the mode', () => {
  const source = `${HEAD}result[i] = values[i]; }`;
  const options = { fma: false, bounds: false };
  const { bounds, bytes } = compile({ name: 'the_kernel', source }, options);
  const checked = compile({ name: 'the_kernel', source }, { ...options, bounds: true });
  assert.is(bounds, undefined);
  assert.is(checked.bounds?.accesses.length, 2);
  assert.ok(bytes.length < checked.bytes.length);
});

test.run();
