import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  closeDevice,
  concat,
  full,
  losses,
  openWasm,
  setDevice,
  Tensor,
  tensor,
} from '../../../src/index.ts';
import { assertPage, sections } from './page.ts';
import type { Row, Section, Way } from './section.ts';

const test = suite('tensor: special values');

const plain: Way = {
  name: 'by itself',
  input: (values) => tensor([...values]),
  output: (y) => y,
};
/** A multiplication by 1 changes none of these, and goes into the same kernel. */
const times1 = (x: AnyTensor) => (x.dtype === 'f32' && x.size > 0 ? x.mul(1) : x);
const ways: readonly Way[] = [
  plain,
  { name: 'fused', input: (values) => times1(plain.input(values)), output: times1 },
  {
    name: 'of constants',
    input: (values) => (values.length > 0 ? concat(values.map((x) => full([1], x))) : tensor([])),
    output: (y) => y,
  },
];

function assertCell(actual: unknown, expected: unknown, openZeros: boolean, what: string): void {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    assert.is(actual.length, expected.length, what);
    for (const [i, one] of expected.entries()) {
      assertCell(actual[i], one, openZeros, `${what} [${i}]`);
    }
    return;
  }
  const same =
    Object.is(actual, expected) ||
    (openZeros && actual === expected) ||
    (Number.isFinite(expected) && Math.abs(Number(actual) / Number(expected) - 1) < 1e-4);
  assert.ok(same, `${what} is ${String(actual)}, not ${String(expected)}`);
}

async function assertRow({ columns }: Section, row: Row, way: Way): Promise<void> {
  const actual = await row.actual(way);
  for (const [i, cell] of row.expected.entries()) {
    const what = `${row.label ?? row.op} of ${columns[i]}, ${way.name}`;
    assertCell(actual[i], cell, row.openZeros ?? false, what);
  }
}

for (const section of sections) {
  for (const way of ways) {
    test(`${section.title}, ${way.name}`, async () => {
      for (const row of section.rows) await assertRow(section, row, way);
    });
  }
}

test('the page has these tables', assertPage);

const inTables = new Set(sections.flatMap(({ rows }) => rows.map(({ op }) => op)));

test('every op is in a table', () => {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name]) => name);
  const noOps = ['constructor', 'data', 'item', 'array', 'realize', 'dispose', 'toString'];
  const missing = methods.filter(
    (name) => !inTables.has(name) && ![...noOps, 'toJSON', 'backward'].includes(name),
  );
  assert.equal(missing, [], 'ops without a row in test/tensor/special-values');
});

test('every function of tensors and every loss is in a table', async () => {
  const entry = await readFile(new URL('../../../src/index.ts', import.meta.url), 'utf8');
  const exports = entry.matchAll(/export \{([^}]*)\} from '\.\/tensor\/ops\/(?!creation)/g);
  const functions = [...exports].flatMap(
    ([, names = '']) => names.match(/(?<!type )\b\w+\b/g) ?? [],
  );
  assert.ok(functions.includes('conv2d'));
  // The identity matrix is made of nothing, and a confusion matrix counts whole numbers.
  const noOps = ['type', 'eye', 'confusionMatrix'];
  const missing = [...functions, ...Object.keys(losses)].filter(
    (name) => !inTables.has(name) && !noOps.includes(name),
  );
  assert.equal(missing, [], 'functions without a row in test/tensor/special-values');
});

for (const options of [{ threads: 1 }, { deterministic: true }, { bounds: true }] as const) {
  test(`the CPU, ${JSON.stringify(options)}`, async () => {
    closeDevice();
    await setDevice(await openWasm(options));
    try {
      for (const section of sections) {
        for (const row of section.rows) await assertRow(section, row, plain);
      }
    } finally {
      closeDevice();
    }
  });
}

test.run();
