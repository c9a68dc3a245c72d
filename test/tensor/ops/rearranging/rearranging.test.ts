import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  batchToSpaceND,
  depthToSpace,
  diag,
  diagonal,
  meshgrid,
  type PadMode,
  repeat,
  roll,
  ShapeError,
  spaceToBatchND,
  spaceToDepth,
  type Tensor,
  tensor,
  tile,
  trace,
  tril,
  triu,
  unstack,
} from '../../../../src/index.ts';
import { assertGradients, assertSecondGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import * as reference from '../../../reference/rearranging.ts';
import { choices, shapes, spread } from '../../arbitraries.ts';
import { arrange } from '../../arrangements.ts';
import { assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: rearranging');

type Pick = readonly number[];
type Widths = [number, number][];

interface Subject {
  /** The fewest axes of an operand, and the most. */
  readonly axes: readonly [number, number];
  readonly f: (x: AnyTensor, pick: Pick) => AnyTensor;
  readonly reference: (x: NdArray, pick: Pick) => NdArray;
}

const offsetOf = (pick: Pick) => (pick[0]! % 7) - 3;
const repeats = (shape: readonly number[], pick: Pick) => shape.map((_, i) => pick[i]! % 3);
const axisOf = (shape: readonly number[], pick: Pick) => pick[1]! % shape.length;
const widths = (shape: readonly number[], pick: Pick, less: number): Widths =>
  shape.map((size, i) => {
    const most = Math.max(0, size - less) + 1;
    return [pick[i]! % most, pick[i + 4]! % most];
  });
const padded = (mode: PadMode, less: number): Subject => ({
  axes: [1, 3],
  f: (x, pick) => x.pad(widths(x.shape, pick, less), mode),
  reference: (x, pick) => reference.padMode(x, widths(x.shape, pick, less), mode),
});

const subjects: Record<string, Subject> = {
  tile: {
    axes: [0, 3],
    f: (x, pick) => tile(x, repeats(x.shape, pick)),
    reference: (x, pick) => reference.tile(x, repeats(x.shape, pick)),
  },
  repeat: {
    axes: [1, 3],
    f: (x, pick) => repeat(x, pick[0]! % 4, axisOf(x.shape, pick)),
    reference: (x, pick) => reference.repeat(x, pick[0]! % 4, axisOf(x.shape, pick)),
  },
  roll: {
    axes: [1, 3],
    f: (x, pick) => roll(x, offsetOf(pick) * 2, axisOf(x.shape, pick)),
    reference: (x, pick) => reference.roll(x, offsetOf(pick) * 2, axisOf(x.shape, pick)),
  },
  diagonal: {
    axes: [2, 4],
    f: (x, pick) => diagonal(x, offsetOf(pick)),
    reference: (x, pick) => reference.diagonal(x, offsetOf(pick)),
  },
  diag: {
    axes: [1, 1],
    f: (x, pick) => diag(x, offsetOf(pick)),
    reference: (x, pick) => reference.diag(x, offsetOf(pick)),
  },
  tril: {
    axes: [2, 4],
    f: (x, pick) => tril(x, offsetOf(pick)),
    reference: (x, pick) => reference.tril(x, offsetOf(pick)),
  },
  triu: {
    axes: [2, 4],
    f: (x, pick) => triu(x, offsetOf(pick)),
    reference: (x, pick) => reference.triu(x, offsetOf(pick)),
  },
  'pad, reflect': padded('reflect', 1),
  'pad, symmetric': padded('symmetric', 0),
  'pad, edge': padded('edge', -1),
  'pad, wrap': padded('wrap', 0),
};

for (const [name, { axes, f, reference: expected }] of Object.entries(subjects)) {
  test(`${name}: values, of views too`, async () => {
    const [min, max] = axes;
    await holds(
      [shapes({ min, max, size: 300 }), choices, fc.nat(99)],
      async (shape, pick, seed) => {
        const { base, view, reference: arranged, name: how } = arrange(shape, pick);
        const x = spread(base, seed, [-3, 3]);
        const actual = await download(f(view(upload(x)), pick));
        assertSame(actual, expected(arranged(x), pick), `${name} of ${how}`);
      },
      10,
    );
  });

  test(`${name}: gradients`, async () => {
    const shape = [3, 4, 5].slice(-Math.max(1, axes[0]));
    for (const pick of [
      [2, 1, 2, 1, 1, 2, 1, 1],
      [5, 2, 1, 2, 0, 1, 1, 2],
    ]) {
      const subject = {
        name,
        f: (x: Tensor) => f(x, pick).square() as AnyTensor,
        reference: (x: NdArray) => expected(x, pick).map((v) => v * v),
        inputs: [spread(shape, 5, [-2, 2])],
      };
      await assertGradients(subject);
      await assertSecondGradients(subject);
    }
  });
}

test('dtypes stay, bool too', async () => {
  const x = tensor([
    [true, false],
    [true, true],
  ]);
  assert.equal(await tril(x).array(), [
    [true, false],
    [true, true],
  ]);
  assert.equal(await triu(x).array(), [
    [true, false],
    [false, true],
  ]);
  const whole = tensor(Int32Array.of(1, 2, 3), [3]);
  assert.equal(await tile(whole, [2]).data(), Int32Array.of(1, 2, 3, 1, 2, 3));
  assert.equal(await diag(whole).data(), Int32Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3));
  assert.equal(await trace(diag(whole)).item(), 6);
});

test('repeat and roll of the flattened tensor, roll of several axes', async () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.equal(await repeat(x, 2).array(), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  assert.equal(await roll(x, 1).array(), [
    [6, 1, 2],
    [3, 4, 5],
  ]);
  assert.equal(await roll(x, [1, -1], [0, 1]).array(), [
    [5, 6, 4],
    [2, 3, 1],
  ]);
});

test('unstack', async () => {
  const parts = unstack(
    tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    1,
  );
  assert.equal(await Promise.all(parts.map((part) => part.array())), [
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test('meshgrid', async () => {
  const vectors = [tensor([1, 2, 3]), tensor([4, 5])] as Tensor[];
  const [x, y] = meshgrid(vectors);
  assert.equal(await x?.array(), [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  assert.equal(await y?.array(), [
    [4, 4, 4],
    [5, 5, 5],
  ]);
  const [i, j] = meshgrid(vectors, { indexing: 'ij' });
  assert.equal(await i?.array(), [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  assert.equal(await j?.array(), [
    [4, 5],
    [4, 5],
    [4, 5],
  ]);
});

test('blocks of pixels become channels or images, and come back', async () => {
  const x = spread([2, 3, 2, 12], 1, [-1, 1]);
  const wide = reference.depthToSpace(x, 2);
  assertSame(await download(depthToSpace(upload(x), 2)), wide, 'depthToSpace');
  assertSame(await download(spaceToDepth(upload(wide), 2)), x, 'spaceToDepth');
  const batches = spread([12, 2, 3, 2], 2, [-1, 1]);
  const crops: Widths = [
    [1, 0],
    [0, 2],
  ];
  const whole = reference.batchToSpace(
    batches,
    [2, 3],
    [
      [0, 0],
      [0, 0],
    ],
  );
  assertSame(
    await download(batchToSpaceND(upload(batches), [2, 3], crops)),
    reference.batchToSpace(batches, [2, 3], crops),
    'batchToSpaceND',
  );
  assertSame(
    await download(
      spaceToBatchND(
        upload(whole),
        [2, 3],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    batches,
    'spaceToBatchND',
  );
  // With padding, what is cropped again was zeros.
  const image = spread([2, 3, 5, 1], 3, [-1, 1]);
  const there = spaceToBatchND(
    upload(image),
    [2, 2],
    [
      [1, 0],
      [0, 1],
    ],
  );
  assert.equal(there.shape, [8, 2, 3, 1]);
  assertSame(
    await download(
      batchToSpaceND(
        there,
        [2, 2],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ),
    image,
  );
});

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3])) as AnyTensor;
  refuses(
    () => tile(x, [2]),
    ShapeError,
    /^tile: needs a number of repeats for each of the 2 axes/,
  );
  refuses(() => tile(x, [2, -1]), ArgumentError, /^tile: repeats/);
  refuses(() => repeat(x, 1.5, 0), ArgumentError, /^repeat: repeats 1.5/);
  refuses(() => repeat(x, 2, 2), ShapeError, /^repeat: axis 2/);
  refuses(() => roll(x, [1, 2], 0), ShapeError, /^roll: shifts \[1,2\] need an axis each/);
  refuses(() => roll(x, [1, 2]), ShapeError, /^roll: shifts/);
  refuses(() => diagonal(x.reshape([6]) as AnyTensor), ShapeError, /^diagonal: needs two/);
  refuses(() => diag(x.reshape([1, 2, 3]) as AnyTensor), ShapeError, /^diag: takes a vector/);
  refuses(() => tril(x.reshape([6]) as AnyTensor), ShapeError, /^tril/);
  refuses(() => meshgrid([x]), ShapeError, /^meshgrid: takes vectors/);
  const pad = (before: number, mode: string) => {
    const rows: Widths = [
      [before, 0],
      [0, 0],
    ];
    return () => x.pad(rows, mode as PadMode);
  };
  refuses(pad(2, 'reflect'), ShapeError, /'reflect' gives at most 1/);
  refuses(pad(3, 'symmetric'), ShapeError, /at most 2/);
  refuses(pad(3, 'wrap'), ShapeError, /'wrap' gives at most 2/);
  refuses(pad(1, 'circular'), ArgumentError, /^pad: value 'circular'/);
  refuses(() => x.pad([[1, 0]], 'edge'), ShapeError, /^pad: needs \[before, after\]/);
  refuses(() => depthToSpace(x, 2), ShapeError, /^depthToSpace: takes images/);
  const image = upload(new NdArray([1, 3, 3, 2]));
  refuses(() => depthToSpace(image, 2), ShapeError, /whole blocks of 2/);
  const four = upload(new NdArray([4, 1, 1, 2]));
  for (const widths of [
    undefined,
    [0, 0],
    [[0, 0]],
    [
      [0, -1],
      [0, 0],
    ],
    [
      [0.5, 0],
      [0, 0],
    ],
  ]) {
    for (const [name, move] of Object.entries({ spaceToBatchND, batchToSpaceND })) {
      const wanted = new RegExp(`^${name}: needs \\[before, after\\].*each of the 2 axes`);
      refuses(() => move(four, [2, 2], widths as never), ShapeError, wanted);
    }
  }
  refuses(() => trace(upload(new NdArray([3]))), ShapeError, /^trace: needs two or more axes/);
  refuses(() => spaceToDepth(image, 2), ShapeError, /whole blocks of 2/);
  refuses(
    () =>
      spaceToBatchND(
        image,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ShapeError,
    /whole blocks/,
  );
  refuses(
    () =>
      batchToSpaceND(
        image,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ShapeError,
    /whole blocks/,
  );
});

test.run();
