import { readFile, writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  digamma,
  erfinv,
  grad,
  lgamma,
  polygamma,
  tensor,
} from '../../../src/index.ts';
import { arithmetic, comparisons } from '../../../src/tensor/ops/binary.ts';
import { unary } from '../../../src/tensor/ops/unary.ts';
import * as reference from '../../reference/elementwise.ts';
import { type Bound, binaryBounds, slopeBounds, unaryBounds } from './bounds.ts';
import { everyBinade, pairs } from './samples.ts';
import { LARGEST, SMALLEST_NORMAL, unit } from './units.ts';

const test = suite('tensor: accuracy of elementwise ops');

const gpu = process.env.WGRAD_DEVICE === 'webgpu';
const bound = ([cpu, other = cpu]: readonly [Bound, Bound?]) => (gpu ? other : cpu);
const tiny = (x: number) => x !== 0 && Math.abs(x) < SMALLEST_NORMAL;

/** How far beyond what is allowed a result is: 1 where it is as far as it may be. */
function excess(got: number, exact: number, units: number, absolute = 0): number {
  if (Object.is(got, exact) || got === Math.fround(exact) || units === Infinity) return 0;
  if (Number.isNaN(exact) || Number.isNaN(got))
    return Number.isNaN(exact) === Number.isNaN(got) ? 0 : Infinity;
  if (gpu && tiny(exact) && got === 0) return 0;
  const allowed = units * unit(exact) + absolute;
  // The largest number and infinity are neighbours.
  const near = (x: number) => Math.sign(x) * Math.min(Math.abs(x), LARGEST + unit(LARGEST));
  const away = Math.abs(near(got) - near(exact));
  return away === 0 ? 0 : away / allowed;
}

function assertWithin(
  name: string,
  [x, y]: readonly [Float32Array, Float32Array],
  actual: ArrayLike<number>,
  exact: (x: number, y: number) => number,
  { units, absolute }: Bound,
): void {
  let [worst, at] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!];
    if (gpu && (tiny(a) || tiny(b))) continue;
    const one = excess(actual[i]!, exact(a, b), units(a, b), absolute);
    if (one > worst) [worst, at] = [one, i];
  }
  const [a, b] = [x[at]!, y[at]!];
  const most = units(a, b);
  if (process.env.WGRAD_SHOW_ULP)
    console.log(`${name}: ${worst.toFixed(3)} of ${most}, at ${a}, ${b}`);
  assert.ok(
    worst <= 1,
    `${name} of ${a}, ${b}: ${actual[at]}, not ${exact(a, b)}: ${worst} times what is allowed`,
  );
}

const values = everyBinade();
/** Ops that are no methods, by what they are called here. */
const functions: Record<string, (x: AnyTensor) => AnyTensor> = {
  erfinv,
  lgamma,
  digamma,
  polygamma: (x) => polygamma(1, x),
};
for (const [name, own] of Object.entries(unaryBounds)) {
  test(`${name} is as accurate as the page says`, async () => {
    const x = tensor(values, [values.length]);
    const method = () => (x as unknown as Record<string, () => AnyTensor>)[name]!();
    const actual = await (functions[name]?.(x) ?? method()).data();
    assertWithin(name, [values, values], actual, reference.unary[name]!, bound(own));
  });
}

const [left, right] = pairs();
for (const [name, own] of Object.entries(binaryBounds)) {
  test(`${name} is as accurate as the page says`, async () => {
    const a = tensor(left, [left.length]) as unknown as Record<string, (b: AnyTensor) => AnyTensor>;
    const actual = await a[name]!(tensor(right, [right.length])).data();
    assertWithin(name, [left, right], actual, reference.binary[name]!, bound(own));
  });
}

// Further out nothing is left of any tail.
const near = values.filter((x) => Math.abs(x) < 120);
for (const [name, { exact, ...own }] of Object.entries(slopeBounds)) {
  test(`the derivative of ${name} is as accurate as the page says`, async () => {
    const x = tensor(near, [near.length]);
    const y = (x as unknown as Record<string, () => AnyTensor>)[name]!();
    const [slope] = grad(y.sum(), [x]);
    assertWithin(`${name}'`, [near, near], await slope.data(), exact, own);
  });
}

test('every elementwise op of f32 has a bound', () => {
  const all: [string, object][] = Object.entries({ ...unary, ...arithmetic, ...comparisons });
  const ops = all.filter(
    ([, record]) => !('accepts' in record) || (record.accepts as string[]).includes('f32'),
  );
  assert.equal(
    [...ops.map(([name]) => name), ...Object.keys(functions)].sort(),
    Object.keys({ ...unaryBounds, ...binaryBounds }).sort(),
  );
});

test('the page has these bounds', async () => {
  const page = new URL('../../../docs/accuracy.md', import.meta.url);
  const row = ([name, [cpu, other = cpu]]: [string, readonly [Bound, Bound?]]) =>
    `| \`${name === 'polygamma' ? 'polygamma(1, x)' : name}\` | ${cpu.text} | ${other.text} |`;
  const table = (bounds: typeof unaryBounds) =>
    ['| op | CPU | WebGPU |', '| --- | --- | --- |', ...Object.entries(bounds).map(row)].join('\n');
  const slopes = Object.entries(slopeBounds).map(([name, { text }]) => `| \`${name}\` | ${text} |`);
  const text = await readFile(page, 'utf8');
  const tables = [
    table(unaryBounds),
    table(binaryBounds),
    ['| op | derivative |', '| --- | --- |', ...slopes].join('\n'),
  ];
  const written = text.replace(/\| op \|.*\n(\|.*\n?)+/g, () => `${tables.shift()}\n`);
  if (process.env.WGRAD_WRITE_DOCS) await writeFile(page, written);
  assert.is(await readFile(page, 'utf8'), written);
});

test.run();
