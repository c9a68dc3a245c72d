import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../../../src/device/wasm/compiler/compile.ts';
import { execute } from './run-module.ts';

const test = suite('math functions of the wasm device');

/** Every 4093rd of the 2³² bit patterns, a million numbers: all signs, exponents, NaNs. */
const STRIDE = 4093;
const COUNT = Math.floor(2 ** 32 / STRIDE / 4) * 4;
const CHUNK = 1 << 20;

interface Case {
  readonly name: string;
  readonly exact: (x: number) => number;
  /** Units in the last place, at most. */
  readonly ulp: number;
}

const cases: readonly Case[] = [
  { name: 'exp', exact: Math.exp, ulp: 2 },
  { name: 'exp2', exact: (x) => 2 ** x, ulp: 2 },
  { name: 'log', exact: Math.log, ulp: 2 },
  { name: 'log2', exact: Math.log2, ulp: 2 },
  { name: 'sin', exact: Math.sin, ulp: 3 },
  { name: 'cos', exact: Math.cos, ulp: 3 },
  { name: 'tan', exact: Math.tan, ulp: 5 },
  { name: 'asin', exact: Math.asin, ulp: 3 },
  { name: 'acos', exact: Math.acos, ulp: 3 },
  { name: 'atan', exact: Math.atan, ulp: 3 },
  { name: 'sinh', exact: Math.sinh, ulp: 4 },
  { name: 'cosh', exact: Math.cosh, ulp: 3 },
  { name: 'tanh', exact: Math.tanh, ulp: 3 },
  { name: 'sqrt', exact: Math.sqrt, ulp: 0.5 },
  { name: 'inverseSqrt', exact: (x) => 1 / Math.sqrt(x), ulp: 2 },
];

function source(expression: string): string {
  return `@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = a[id.x];
  let y = b[id.x];
  result[id.x] = ${expression};
}`;
}

function apply(expression: string, x: Float32Array, y = x): Float32Array {
  const program = { name: expression, source: source(expression) };
  const kernel = compile(program, { fma: false, bounds: false });
  const result = new Uint32Array(x.length);
  const bits = (array: Float32Array) => new Uint32Array(array.buffer, 0, array.length);
  const buffers = [bits(x), bits(y), result];
  execute(kernel, { program, buffers, workgroups: x.length / 256 });
  return new Float32Array(result.buffer);
}

const cell = new DataView(new ArrayBuffer(4));

/** The distance of neighbouring f32 numbers around a value. */
function unit(value: number): number {
  cell.setFloat32(0, Math.fround(value));
  const exponent = Math.max((cell.getUint32(0) >>> 23) & 255, 1);
  return 2 ** (exponent - 150);
}

/** How many units in the last place two results are apart; special values must be the same. */
function distance(got: number, exact: number): number {
  const wanted = Math.fround(exact);
  if (Number.isNaN(exact)) return Number.isNaN(got) ? 0 : Infinity;
  if (got === wanted)
    return Math.abs(got - exact) <= unit(exact) ? Math.abs(got - exact) / unit(exact) : 0;
  if (!Number.isFinite(got) || !Number.isFinite(wanted)) {
    // Around the largest number, infinity is its neighbour.
    const edge = 3.4028234663852886e38 * (1 - 1e-6);
    return Math.abs(got) > edge && Math.abs(exact) > edge ? 1 : Infinity;
  }
  return Math.abs(got - exact) / unit(exact);
}

function sweep({ name, exact }: Case): { worst: number; at: number } {
  let worst = 0;
  let at = 0;
  for (let start = 0; start < COUNT; start += CHUNK) {
    const length = Math.min(CHUNK, Math.ceil((COUNT - start) / 256) * 256);
    const bits = new Uint32Array(length);
    for (let i = 0; i < length; i++) bits[i] = (start + i) * STRIDE;
    const x = new Float32Array(bits.buffer);
    const got = apply(`${name}(x)`, x);
    for (let i = 0; i < length; i++) {
      const d = distance(got[i] as number, exact(x[i] as number));
      if (d > worst) [worst, at] = [d, x[i] as number];
    }
  }
  return { worst, at };
}

for (const one of cases) {
  test(`${one.name} is within ${one.ulp} ULP of the true value for all numbers`, () => {
    const { worst, at } = sweep(one);
    if (process.env.WGRAD_SHOW_ULP) console.log(`${one.name}: ${worst.toFixed(3)} ULP at ${at}`);
    assert.ok(worst <= one.ulp, `${one.name}(${at}) is off by ${worst} ULP`);
  });
}

test('pow and atan2 are right at the edges and near the true value elsewhere', () => {
  const values = [0, -0, 1, -1, 0.5, 2, 3, 10, 1e-3, 1e-40, 1e38, 123.456, 0.9999, 1.0001];
  const special = [Infinity, -Infinity, Number.NaN];
  const pairs = [...values, ...special].flatMap((x) =>
    [...values, ...special, 30, -30, 7.3, -80].map((y) => [x, y]),
  );
  while (pairs.length % 256) pairs.push([1, 1]);
  const x = Float32Array.from(pairs, ([a]) => a as number);
  const y = Float32Array.from(pairs, ([, b]) => b as number);
  const power = apply('pow(x, y)', x, y);
  const angle = apply('atan2(x, y)', x, y);
  let [worstPower, worstAngle] = [0, 0];
  pairs.forEach((_, i) => {
    const [a, b] = [x[i] as number, y[i] as number];
    worstAngle = Math.max(worstAngle, distance(angle[i] as number, Math.atan2(a, b)));
    // WGSL defines pow for positive bases.
    if (a >= 0 && a !== 1 && !Object.is(a, -0)) {
      const d = Math.abs(b) === Infinity ? 0 : distance(power[i] as number, a ** b);
      worstPower = Math.max(worstPower, d);
    }
  });
  if (process.env.WGRAD_SHOW_ULP) console.log(`pow: ${worstPower}, atan2: ${worstAngle} ULP`);
  assert.ok(worstPower <= 8, `pow is off by ${worstPower} ULP`);
  assert.ok(worstAngle <= 4, `atan2 is off by ${worstAngle} ULP`);
});

test.run();
