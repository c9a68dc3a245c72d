import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { input, launch, OUTPUT } from '../../src/kernels/launch.ts';
import { program } from '../../src/kernels/program.ts';

const test = suite('kernels: launches by name');

const source = `
// struct Params { wrong: u32 } is a comment
struct Params {
  count: u32, offset: i32,
  rate: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(LAST) var<storage, read> more: array<f32>;
`;
const values = '@group(0) @binding(1) var<storage, read> values: array<f32>;';
const kernel = program('kernel', source, { LAST: 3 }, [values]);
const bindings = { values: input(0), more: input(1), result: OUTPUT };
const params = { count: 7, offset: -1, rate: 0.5 };

test('names, order and types are those of the text, function files and constants too', () => {
  assert.equal(kernel.params, [
    { name: 'count', type: 'u32' },
    { name: 'offset', type: 'i32' },
    { name: 'rate', type: 'f32' },
  ]);
  assert.equal(kernel.bindings, ['values', 'result', 'more']);
});

test('what is given by name is put in order, in the bits of the field', () => {
  const { bindings: bound, params: words } = launch({
    program: kernel,
    bindings,
    params,
    workgroups: 1,
  });
  assert.equal(bound, [input(0), OUTPUT, input(1)]);
  assert.equal(words, [7, 0xffffffff, 0x3f000000]);
});

test('a scalar stays a name', () => {
  const { count, offset } = params;
  const given = { program: kernel, bindings, params: { count, offset }, workgroups: 1 };
  const { params: words } = launch({ ...given, scalars: ['rate'] });
  assert.equal(words[2], { scalar: 'rate', type: 'f32' });
});

test('a missing, unknown or doubled name is refused with those of the shader', () => {
  const given = { program: kernel, bindings, params, workgroups: 1 };
  const refused = (change: object, message: RegExp) =>
    assert.throws(() => launch({ ...given, ...change }), message);
  refused(
    { params: { count: 1, rate: 1 } },
    /^kernel: params: offset is missing\. The shader has count, offset, rate\.$/,
  );
  refused({ params: { ...params, cuont: 1 } }, /cuont is unknown/);
  refused({ scalars: ['rate'] }, /rate is given twice/);
  refused({ bindings: { values: input(0), result: OUTPUT } }, /bindings: more is missing/);
});

test('a field that is no 32-bit number and a hole between bindings are refused', () => {
  const withField = 'struct Params { size: vec2<u32>, count: u32 }';
  assert.throws(() => program('kernel', withField), /kernel: the parameter size is vec2<u32>/);
  const withHole = '@group(0) @binding(2) var<storage, read> a: array<f32>;';
  assert.throws(() => program('kernel', withHole), /kernel: nothing is at binding 1/);
});

test.run();
