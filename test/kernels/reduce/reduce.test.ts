import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import type { DType, HostArray } from '../../../src/kernels/dtype.ts';
import type { ReducePass } from '../../../src/kernels/reduce/pass.ts';
import { chooseReduce, type ReduceAttributes, reduce } from '../../../src/kernels/reduce/reduce.ts';
import type { Reduction } from '../../../src/kernels/reduce/reductions.ts';
import { inEveryWay } from '../every-way.ts';
import { kinds, runKernel, testDevice } from '../harness.ts';

const test = suite('kernels: reduce');

const combine: Record<Reduction, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  prod: (a, b) => a * b,
};
const identity: Record<Reduction, number> = {
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  prod: 1,
};

function expected(data: ArrayLike<number>, { reduce, outer, size, inner }: ReduceAttributes) {
  const result: number[] = new Array(outer * inner).fill(identity[reduce]);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < inner; i++) {
        const at = o * inner + i;
        const value = data[(o * size + k) * inner + i] as number;
        result[at] = combine[reduce](result[at] as number, value);
      }
    }
  }
  return result;
}

function run(
  attributes: ReduceAttributes,
  data: HostArray | number[],
  dtype: DType = 'f32',
  passes?: readonly ReducePass[],
) {
  const { outer, size, inner } = attributes;
  return runKernel((context: Parameters<typeof reduce>[0]) => reduce(context, passes), {
    inputs: [{ shape: [outer, size, inner], data, dtype }],
    output: { shape: [outer, inner], dtype },
    attributes,
  });
}

function close(actual: HostArray, wanted: number[], tolerance: number, what: string) {
  assert.is(actual.length, wanted.length, what);
  wanted.forEach((value, i) => {
    const got = actual[i] as number;
    if (Object.is(got, value) || got === value) return;
    const error = Math.abs(got - value) / Math.max(1, Math.abs(value));
    assert.ok(error <= tolerance, `${what}[${i}]: ${got}, not ${value}`);
  });
}

const values = (count: number, seed = 1) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + seed) * 1.5);

const sizes = [1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 67, 128];
const rowPasses: ReducePass[][] = [
  [{ kind: 'rows', lanes: 1, span: 1024 }],
  [{ kind: 'rows', lanes: 16, span: 1024 }],
  [{ kind: 'rows', lanes: 64, span: 1024 }],
  [{ kind: 'rows', lanes: 256, span: 1024 }],
  [
    { kind: 'rows', lanes: 1, span: 12 },
    { kind: 'rows', lanes: 1, span: 1024 },
  ],
  [
    { kind: 'rows', lanes: 16, span: 16 },
    { kind: 'rows', lanes: 256, span: 1024 },
  ],
];

for (const passes of rowPasses) {
  const name = passes
    .map((pass) => `${pass.kind}${'lanes' in pass ? pass.lanes : ''}/${pass.span}`)
    .join(', ');
  test(`rows as ${name}`, async () => {
    for (const op of ['sum', 'max', 'min', 'prod'] as const) {
      for (const size of op === 'sum' ? sizes : [5, 16, 67]) {
        for (const outer of [1, 5]) {
          const attributes: ReduceAttributes = { reduce: op, outer, size, inner: 1 };
          const data = values(outer * size, size);
          const actual = await run(attributes, data, 'f32', passes);
          close(actual, expected(data, attributes), 1e-4, `${op} ${outer}×${size}`);
        }
      }
    }
  });
}

test('columns of one and four, in one pass and two', async () => {
  for (const op of ['sum', 'max', 'min', 'prod'] as const) {
    for (const [outer, size, inner] of [
      [1, 1, 3],
      [1, 7, 4],
      [2, 13, 5],
      [3, 16, 8],
      [2, 67, 12],
      [2, 19, 32],
    ] as const) {
      for (const width of ([1, 4, 16] as const).filter((width) => inner % width === 0)) {
        for (const span of [1024, 4]) {
          const attributes: ReduceAttributes = { reduce: op, outer, size, inner };
          const data = values(outer * size * inner, size);
          const pass: ReducePass = { kind: 'columns', width, span };
          const passes = span < size ? [pass, { ...pass, span: 1024 }] : [pass];
          const actual = await run(attributes, data, 'f32', passes);
          const what = `${op} ${outer}×${size}×${inner}, ${width} wide, span ${span}`;
          close(actual, expected(data, attributes), 1e-4, what);
        }
      }
    }
  }
});

test('columns by whole workgroups, in one pass and two', async () => {
  for (const op of ['sum', 'max', 'min', 'prod'] as const) {
    for (const [outer, size, inner, columns] of [
      [1, 1, 3, 4],
      [1, 7, 4, 1],
      [2, 13, 5, 2],
      [3, 16, 8, 2],
      [2, 67, 12, 16],
      [2, 301, 68, 16],
      [1, 1100, 30, 8],
    ] as const) {
      for (const width of ([1, 4] as const).filter((width) => inner % width === 0)) {
        for (const span of [2000, 24]) {
          const attributes: ReduceAttributes = { reduce: op, outer, size, inner };
          const data = values(outer * size * inner, size);
          const pass: ReducePass = { kind: 'column-tree', width, columns, span };
          const passes = span < size ? [pass, { ...pass, span: 2000 }] : [pass];
          const actual = await run(attributes, data, 'f32', passes);
          const what = `${op} ${outer}×${size}×${inner}, ${columns} columns of ${width}, span ${span}`;
          close(actual, expected(data, attributes), 1e-4, what);
        }
      }
    }
  }
});

test('a NaN among columns is the result, by whole workgroups, too', async () => {
  const attributes: ReduceAttributes = { reduce: 'max', outer: 1, size: 40, inner: 4 };
  const data = values(160).fill(Number.NaN, 81, 82);
  const pass: ReducePass = { kind: 'column-tree', width: 4, columns: 1, span: 40 };
  const actual = await run(attributes, data, 'f32', [pass]);
  assert.equal([...actual].map(Number.isNaN), [false, true, false, false]);
});

test('integers and booleans', async () => {
  const data = [3, -7, 12, 0, 5, -2147483648, 2147483647, 1, 1, -1, 9, 4, -3, 8, 6];
  for (const op of ['sum', 'max', 'min', 'prod'] as const) {
    for (const [outer, size, inner] of [
      [3, 5, 1],
      [1, 5, 3],
    ] as const) {
      const attributes: ReduceAttributes = { reduce: op, outer, size, inner };
      const small = op === 'prod' || op === 'sum' ? data.map((x) => x % 10) : data;
      assert.equal(
        [...(await run(attributes, small, 'i32'))],
        expected(small, attributes).map((x) => x | 0),
        `i32 ${op}`,
      );
      const unsigned = small.map((x) => x >>> 0);
      assert.equal(
        [...(await run(attributes, unsigned, 'u32'))],
        expected(Float64Array.from(op === 'prod' ? small : unsigned), attributes).map(
          (x) => x >>> 0,
        ),
        `u32 ${op}`,
      );
      if (op === 'max' || op === 'min') {
        const bools = data.map((x) => Number(x > 0));
        assert.equal([...(await run(attributes, bools, 'bool'))], expected(bools, attributes));
      }
    }
  }
});

test('nothing but NaN and infinities stops max and min', async () => {
  const passes: (ReducePass[] | undefined)[] = [...rowPasses, undefined];
  for (const pass of passes) {
    for (const op of ['max', 'min'] as const) {
      const attributes: ReduceAttributes = { reduce: op, outer: 7, size: 67, inner: 1 };
      const data = values(7 * 67);
      data[3] = Number.NaN;
      data[67] = Number.NaN;
      data[67 * 3 - 1] = Number.NaN;
      data[67 * 3 + 5] = Number.NEGATIVE_INFINITY;
      data[67 * 4 + 5] = Number.POSITIVE_INFINITY;
      // NaNs of either sign: 0xffc00000 is what x86 makes of 0 / 0.
      new Uint32Array(data.buffer)[67 * 5 + 40] = 0xffc00000;
      data.fill(Number.NEGATIVE_INFINITY, 67 * 6);
      const actual = await run(attributes, data, 'f32', pass);
      close(actual, expected(data, attributes), 0, `${op}`);
      assert.ok(Number.isNaN(actual[0]) && Number.isNaN(actual[2]) && Number.isNaN(actual[5]));
    }
  }
  const attributes: ReduceAttributes = { reduce: 'max', outer: 1, size: 5, inner: 4 };
  const data = values(20);
  data[9] = Number.NaN;
  const actual = await run(attributes, data);
  assert.ok(Number.isNaN(actual[1]) && !Number.isNaN(actual[0]));
});

test('a million positive numbers sum to five digits', async () => {
  const count = 1_000_003;
  const data = Float32Array.from({ length: count }, (_, i) => 0.5 + ((i * 7919) % 1000) / 1000);
  const sum = data.reduce((a, b) => a + b, 0);
  for (const inner of [1, 3]) {
    const size = Math.floor(count / inner);
    const wanted = expected(data, { reduce: 'sum', outer: 1, size, inner });
    const actual = await run({ reduce: 'sum', outer: 1, size, inner }, data.slice(0, size * inner));
    if (inner === 1) assert.ok(Math.abs((wanted[0] as number) / sum - 1) < 1e-12);
    wanted.forEach((value, i) => {
      assert.ok(Math.abs((actual[i] as number) / value - 1) <= 1e-5, `${actual[i]} ${value}`);
    });
  }
});

test('more than 65,535 workgroups', async () => {
  const outer = 65_536 * 64 + 5;
  const attributes: ReduceAttributes = { reduce: 'sum', outer, size: 2, inner: 1 };
  const data = Float32Array.from({ length: outer * 2 }, (_, i) => i & 1023);
  const actual = await run(attributes, data);
  for (let i = 0; i < outer; i++) {
    if (actual[i] !== (data[2 * i] as number) + (data[2 * i + 1] as number)) {
      assert.unreachable(`row ${i}: ${actual[i]}`);
    }
  }
});

test('whatever is chosen is right', async () => {
  const { limits } = await testDevice();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Reduction>('sum', 'max', 'min'),
      fc.integer({ min: 1, max: 9 }),
      fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1000, max: 9000 })),
      fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
      fc.constantFrom(...Object.values(kinds), { ...kinds.gpu, lanes: 67_584 }),
      async (op, outer, size, inner, kind) => {
        const attributes: ReduceAttributes = { reduce: op, outer, size, inner };
        const data = values(outer * size * inner, inner);
        const passes = chooseReduce(attributes, { ...limits, ...kind });
        close(
          await run(attributes, data, 'f32', passes),
          expected(data, attributes),
          1e-3,
          JSON.stringify({ ...attributes, kind }),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('sums are the same in every way that may be measured', async () => {
  for (const kind of Object.values(kinds)) {
    for (const [outer, size, inner] of [
      [3, 5000, 1],
      [1, 1000, 5],
      [2, 700, 32],
      [1, 1100, 256],
      [5, 3, 4],
    ] as const) {
      const attributes: ReduceAttributes = { reduce: 'sum', outer, size, inner };
      const data = values(outer * size * inner, size);
      const names = await inEveryWay(async (pick) => {
        const actual = await runKernel(reduce, {
          inputs: [{ shape: [outer, size, inner], data }],
          output: { shape: [outer, inner] },
          attributes,
          limits: kind,
          pick,
        });
        close(actual, expected(data, attributes), 1e-3, JSON.stringify({ ...attributes, kind }));
      });
      assert.ok(size < 100 || names.size >= 3, [...names].join('; '));
    }
  }
});

test('the choice of passes on a CPU', () => {
  const cpu = { cpu: true } as DeviceLimits;
  const choose = (limits: DeviceLimits, outer: number, size: number, inner: number) =>
    chooseReduce({ outer, size, inner }, limits);
  assert.equal(choose(cpu, 4096, 1024, 1), [{ kind: 'rows', lanes: 1, span: 1024 }]);
  assert.is(choose(cpu, 1, 1_000_000, 1).length, 2);
  assert.equal(choose(cpu, 1, 100, 8), [{ kind: 'columns', width: 4, span: 100 }]);
  assert.equal(choose(cpu, 1000, 100, 7), [{ kind: 'columns', width: 1, span: 100 }]);
  assert.equal(choose(cpu, 1, 100, 48), [{ kind: 'columns', width: 16, span: 100 }]);
  const driver = { ...cpu, slowLoads: true };
  assert.equal(choose(driver, 1, 100, 48), [{ kind: 'columns', width: 4, span: 100 }]);
  assert.equal(
    choose(cpu, 1, 5408, 64).map(({ span }) => span),
    [64, 88],
  );
  assert.equal(
    choose(cpu, 1, 5408, 256).map(({ span }) => span),
    [16, 340],
  );
  assert.is(choose(driver, 1, 5408, 256)[0]?.span, 512);
  // The largest: each pass leaves a sixteenth.
  assert.equal(
    choose(cpu, 1, 100_000, 1024).map(({ span }) => span),
    [16, 16, 16, 28],
  );
  for (const inner of [1, 4]) {
    for (const pass of choose(cpu, 3, 10_000_000, inner)) assert.ok(pass.span <= 8192);
  }
});

test.run();
