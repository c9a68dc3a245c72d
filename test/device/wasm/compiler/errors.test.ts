import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile, KernelCompileError } from '../../../../src/device/wasm/compiler/compile.ts';
import { DeviceError } from '../../../../src/errors.ts';

const test = suite('mistakes in kernels');

const HEAD = `@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
var<workgroup> shared_values: array<f32, 8>;
fn twice(x: f32) -> f32 { return 2.0 * x; }
`;
const MAIN = '@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) i: u32)';

function failure(source: string): KernelCompileError {
  try {
    compile({ name: 'broken', source }, { fma: false, bounds: false });
  } catch (error) {
    assert.instance(error, KernelCompileError);
    assert.instance(error, DeviceError);
    return error as KernelCompileError;
  }
  throw new Error('it compiles');
}

/** Statements of `main` on the seventh line, and what the message must say. */
const statements: readonly (readonly [string, RegExp])[] = [
  ['result[i] = nothing;', /'nothing' is not declared/],
  ['result[i] = nothing(1.0);', /'nothing' is not declared/],
  ['result[i] = i;', /expected a f32, found a u32/],
  ['result[i] = values[i] + i;', /'\+' does not take f32 and u32/],
  ['result[i] = twice(1.0, 2.0);', /'twice' takes 1 argument, not 2/],
  ['result[i] = twice(i);', /expected a f32, found a u32/],
  ['result[i] = exp(i);', /'exp' does not take \(u32\)/],
  ['result[i] = max(1.0);', /'max' takes 2 arguments, not 1/],
  ['let x = vec4<f32>(1.0, 2.0);', /cannot make a vec4<f32>/],
  ['let x = vec3(1.0, i);', /cannot make a vec3<u32> of \(abstract-float, u32\)/],
  ['let x = array(1, 2u)[2];', /index 2 is outside array<u32, 2>/],
  ['let x = vec4<f32>().q;', /no member 'q'/],
  ['let x = values[1.5];', /expected an integer/],
  ['var x: array<f32, 2>; x[2] = 1.0;', /index 2 is outside array<f32, 2>/],
  ['values[i] = 1.0;', /cannot be assigned to/],
  ['let x = 1.0; x = 2.0;', /cannot be assigned to/],
  ['let x = 1.0; let x = 2.0;', /'x' is declared twice/],
  ['if (i) { }', /expected a bool, found u32/],
  ['break;', /'break' outside a loop/],
  ['return 1.0;', /returns nothing/],
  ['let x = i / 0u;', /by a constant 0/],
  ['let x: u32 = -1;', /does not fit into u32/],
  ['const x = 2147483647i + 1i; let y: u32 = x;', /expected a u32, found a i32/],
  ['let x = bitcast<vec2<u32>>(1.0);', /cannot bitcast f32 to vec2<u32>/],
  ['result[i] = 1.0', /expected ';', found '}'/],
  ['result[i] = 1.0 +;', /expected an expression, found ';'/],
  ['result[i] = (1.0;', /expected '\)'/],
  ['let from = 1.0;', /'from' is a reserved word of WGSL/],
  ['let loop = 1.0;', /expected a name, found 'loop'/],
  ['let x = 1.0h;', /f16 is not supported/],
  ['var x: array<f16, 2>;', /f16 is not supported/],
  ['let x = vec4h(1.0);', /f16 is not supported/],
  ['var x: mat4x4<f32>;', /matrices are not supported/],
  ['let x = mat2x2<f32>(1.0, 2.0, 3.0, 4.0);', /matrices are not supported/],
  ['let x = modf(1.5);', /'modf' is not supported/],
  ['let x = frexp(1.5).fract;', /'frexp' is not supported/],
  ['let x = textureLoad(values, i);', /textures are not supported/],
  ['let x = atomicLoad(&values[i]);', /atomics are not supported/],
  ['var x: nothing;', /unknown type 'nothing'/],
  ['var x = array<f32>(1.0);', /cannot make|needs a length/],
  ['let x = 1 # 2;', /unexpected character "#"/],
  ['loop { if (params.x > 3u) { workgroupBarrier(); break; } }', /out of a loop with a barrier/],
  [
    'if (params.x > 3u) { workgroupBarrier(); if (i > 2u) { return; } } result[i] = 1.0;',
    /a 'return' inside of a block with a barrier.*an 'else'/,
  ],
  ['result[i] = values[i] + main(i);', /'main' is defined by itself/],
];

for (const [statement, message] of statements) {
  test(`${statement}: ${message.source}`, () => {
    const error = failure(`${HEAD}${MAIN} {\n  ${statement}\n}`);
    assert.match(error.message, message);
    assert.match(error.message, 'broken');
    assert.ok(error.line >= 6 && error.line <= 8, `line ${error.line}`);
  });
}

const misplaced = [
  'let x = select(values[0], total(values[1]), true);',
  'var x = values[0]; x = max(x, total(values[1]));',
  'let x = values[0] + total(values[1]);',
  'let x = vec2<f32>(values[0], total(values[1]));',
  'let x = total(total(values[0]));',
  'let x = passed_on(values[0]);',
  'var x = values[0]; x += total(x);',
  'if (total(values[0]) > 0.0) { result[0] = 1.0; }',
  'while (total(values[0]) > 0.0) { result[0] = 1.0; }',
  'for (var x = 1.0 + total(values[0]); x < 9.0; x += 1.0) { result[0] = x; }',
  'result[i] = total(values[0]);',
  'switch (params.x) { case 1u: { workgroupBarrier(); } default: {} }',
];
const TOTAL = `fn total(x: f32) -> f32 { workgroupBarrier(); return x; }
fn passed_on(x: f32) -> f32 { return total(x); }
`;
for (const statement of misplaced) {
  test(`a barrier amid an expression: ${statement}`, () => {
    const { message } = failure(`${HEAD}${TOTAL}${MAIN} {\n  ${statement}\n}`);
    assert.match(message, /a barrier is not supported at this place.*let total = f\(x\)/);
    assert.match(message, statement.includes('passed_on') ? 'return total(x)' : statement);
  });
}

test('what is wrong outside of main is found too', () => {
  const rest = `${MAIN} { result[i] = 1.0; }`;
  assert.match(failure(`${HEAD}fn f() -> f32 { }\n${rest}`).message, /may end without a return/);
  assert.match(failure(`${HEAD}fn twice() { }\n${rest}`).message, /'twice' is declared twice/);
  assert.match(failure(`const a = b; const b = a;${HEAD}${rest}`).message, /defined by itself/);
  assert.match(
    failure(`${HEAD}@group(1) @binding(0) var<uniform> q: f32;\n${rest}`).message,
    /@group\(0\)/,
  );
  assert.match(failure(HEAD).message, /needs a @compute function main/);
  assert.match(
    failure(`${HEAD}@compute @workgroup_size(1) fn main(x: u32) { }`).message,
    /@builtin/,
  );
  assert.match(failure(`enable f16;\n${HEAD}${rest}`).message, /'enable' is not supported: no f16/);
  assert.match(failure(`shader f16;\n${HEAD}${rest}`).message, /expected a declaration/);
});

test('the message names the kernel and quotes the line', () => {
  const { message, line } = failure(`${HEAD}${MAIN} {\n  result[i] = nothing;\n}`);
  assert.is(line, 7);
  assert.match(message, 'broken');
  assert.match(message, 'result[i] = nothing;');
  assert.match(message, '7');
});

test.run();
