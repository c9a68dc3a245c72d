import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  attention,
  attentionKeyGradient,
  attentionLogSumExp,
  attentionQueryGradient,
  attentionValueGradient,
} from '../../../src/kernels/attention/attention.ts';
import type { AttentionContext } from '../../../src/kernels/attention/rows.ts';
import type { AttentionVariant } from '../../../src/kernels/attention/variant.ts';
import { NdArray } from '../../reference/array.ts';
import { attentionGradients, attention as attentionOf } from '../../reference/attention.ts';
import { spread } from '../../tensor/arbitraries.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { runKernelAlongside } from '../harness.ts';

const test = suite('kernels: attention');

const variants: readonly AttentionVariant[] = ([1, 4] as const).flatMap((rows) =>
  (['memory', 'registers'] as const).map((kept) => ({ rows, kept })),
);

/** Batches, queries, keys, their width and that of values. */
type Sizes = readonly [number, number, number, number, number];

const sizes: readonly Sizes[] = [
  [1, 1, 1, 4, 4],
  [6, 7, 9, 8, 12],
  [2, 67, 70, 4, 8],
  [1, 261, 6, 4, 20],
];

interface Masking {
  readonly causal: boolean;
  /** The shape of what is added to scores, and which batch has which of it. */
  readonly mask?: (of: Sizes) => { shape: number[]; divide: number; modulo: number };
}

const maskings: Readonly<Record<string, Masking>> = {
  'all keys': { causal: false },
  'earlier keys': { causal: true },
  'one mask for all': {
    causal: false,
    mask: ([, queries, keys]) => ({ shape: [1, queries, keys], divide: 1, modulo: 1 }),
  },
  'a mask of keys for each batch, and earlier keys': {
    causal: true,
    mask: ([batches, , keys]) => ({ shape: [batches, 1, keys], divide: 1, modulo: batches }),
  },
  'a mask for every other batch': {
    causal: false,
    mask: ([batches, queries, keys]) => {
      const modulo = batches % 2 === 0 ? 2 : 1;
      return { shape: [modulo, queries, keys], divide: 1, modulo };
    },
  },
  'a mask for two batches': {
    causal: false,
    mask: ([batches, queries, keys]) => {
      const divide = batches % 2 === 0 ? 2 : 1;
      return { shape: [batches / divide, queries, keys], divide, modulo: batches / divide };
    },
  },
};

const HIDDEN = Number.NEGATIVE_INFINITY;

function problemOf(of: Sizes, { causal, mask }: Masking) {
  const [batches, queries, keys, width, outputs] = of;
  const operands = [
    spread([batches, queries, width], 1, [-2, 2]),
    spread([batches, keys, width], 2, [-2, 2]),
    spread([batches, keys, outputs], 3, [-1, 1]),
  ] as const;
  const shared = mask?.(of);
  // A third is hidden, and a row of queries, if it has one, altogether.
  const added = shared && spread(shared.shape, 4, [-2, 1]).map((x) => (x < -1 ? HIDDEN : x));
  if (added && added.shape[1]! > 1) added.data.fill(HIDDEN, 0, keys);
  const whole =
    added &&
    NdArray.build([batches, queries, keys], (_, at) => {
      const [key, query] = [at % keys, Math.floor(at / keys) % queries];
      const batch = Math.floor(Math.floor(at / keys / queries) / shared.divide) % shared.modulo;
      const row = batch * added.shape[1]! + (added.shape[1] === 1 ? 0 : query);
      return added.data[row * keys + key]!;
    });
  return {
    operands,
    g: spread([batches, queries, outputs], 5, [-1, 1]),
    mask: added ? [added] : [],
    scoring: { causal, scale: 0.7, ...(whole && { mask: whole }) },
    attributes: {
      causal,
      ...(shared && { mask: { divide: shared.divide, modulo: shared.modulo } }),
    },
  };
}

type Rule = (context: AttentionContext, variant: AttentionVariant) => ReturnType<typeof attention>;

async function run(
  rule: Rule,
  variant: AttentionVariant,
  inputs: readonly NdArray[],
  attributes: AttentionContext['attributes'],
  shapes: readonly [number[], ...number[][]],
): Promise<NdArray[]> {
  const [shape, ...alongside] = shapes;
  const results = await runKernelAlongside((context: AttentionContext) => rule(context, variant), {
    inputs: inputs.map(({ shape, data }) => ({ shape, data: Float32Array.from(data) })),
    output: { shape },
    attributes,
    alongside,
    scalars: { scale: 0.7 },
  });
  return results.map((data, i) => new NdArray(shapes[i]!, data));
}

for (const variant of variants) {
  for (const [name, masking] of Object.entries(maskings)) {
    test(`${variant.rows} rows in ${variant.kept}: ${name}`, async () => {
      for (const of of sizes) {
        const [batches, queries] = of;
        const { operands, g, mask, scoring, attributes } = problemOf(of, masking);
        const [q, k, v] = operands;
        const output = attentionOf(q, k, v, scoring);
        const wanted = attentionGradients(operands, g, scoring);
        const close = (actual: NdArray | undefined, expected: NdArray, what: string) =>
          assertClose(actual!, expected, { relative: 3e-6, scale: 4 }, `${what} of [${of}]`);

        const given = [...operands, ...mask];
        const rows = [batches, queries];
        const both = await run(attention, variant, given, attributes, [
          output.shape as number[],
          rows,
        ]);
        close(both[0], output, 'output');
        close(both[1], wanted.sums, 'sums');
        const [alone] = await run(attention, variant, given, attributes, [
          output.shape as number[],
        ]);
        assert.equal(alone, both[0]);
        const [sums] = await run(attentionLogSumExp, variant, given, attributes, [rows]);
        assert.equal(sums, both[1]);

        const known = [...operands, g, wanted.sums, wanted.means, ...mask];
        for (const [rule, expected, what] of [
          [attentionQueryGradient, wanted.query, 'query gradient'],
          [attentionKeyGradient, wanted.key, 'key gradient'],
          [attentionValueGradient, wanted.value, 'value gradient'],
        ] as const) {
          const [actual] = await run(rule, variant, known, attributes, [
            expected.shape as number[],
          ]);
          close(actual, expected, what);
        }
      }
    });
  }

  test(`${variant.rows} rows in ${variant.kept}: scores far apart, and a NaN`, async () => {
    const v = spread([1, 6, 4], 3, [-1, 1]);
    const q = NdArray.build([1, 5, 4], (_, at) => [1e3, -1e3, 1e-3, 30, 0][Math.floor(at / 4)]!);
    const k = NdArray.build([1, 6, 4], (_, at) => [-90, 5, 90, 1e30, 89.9, 2][Math.floor(at / 4)]!);
    const scoring = { scale: 0.7 };
    const attributes = { causal: false };
    const [actual] = await run(attention, variant, [q, k, v], attributes, [[1, 5, 4]]);
    assertClose(actual!, attentionOf(q, k, v, scoring), { relative: 1e-6, scale: 1 });
    q.data[5] = Number.NaN;
    const [spoilt] = await run(attention, variant, [q, k, v], attributes, [[1, 5, 4]]);
    assert.equal(
      Array.from(spoilt!.data, Number.isNaN),
      Array.from({ length: 20 }, (_, at) => at >= 4 && at < 8),
    );
  });
}

test.run();
