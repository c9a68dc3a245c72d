import '../../../src/tensor/methods.ts';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rotated } from '../../../src/data/augmentation/resample.ts';
import * as data from '../../../src/data/index.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../../src/errors.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { realize, type Tensor } from '../../../src/tensor/tensor.ts';
import { deviceCalls, NONE } from '../../device/device-calls.ts';

const test = suite('augment');

type Size = readonly [count: number, height: number, width: number, channels: number];

/** Images in which no value comes twice, and none is 0. */
function images(size: Size): Float32Array {
  const [count, height, width, channels] = size;
  return Float32Array.from({ length: count * height * width * channels }, (_, i) => i + 1);
}

/** The value at a place of an image, 0 outside it. */
function at(values: Float32Array, size: Size, [n, y, x, c]: Size): number {
  const [, height, width, channels] = size;
  if (y < 0 || y >= height || x < 0 || x >= width) return 0;
  return values[((n * height + y) * width + x) * channels + c]!;
}

/** The values of images of a size, each from its place. */
function build(size: Size, value: (place: Size) => number): number[] {
  const [count, height, width, channels] = size;
  return Array.from({ length: count * height * width * channels }, (_, i) =>
    value([
      Math.floor(i / (height * width * channels)),
      Math.floor(i / (width * channels)) % height,
      Math.floor(i / channels) % width,
      i % channels,
    ]),
  );
}

async function augmented(
  size: Size,
  changes: data.Augmentation[],
  context: Partial<data.BatchContext> = {},
): Promise<Float32Array> {
  const batch = {
    inputs: tensor(images(size), size),
    targets: tensor(new Int32Array(size[0]), [size[0]]),
    count: size[0],
  };
  const changed = data.augment(changes)(batch, { seed: 1, epoch: 0, step: 0, ...context });
  assert.equal([...changed.inputs.shape], [...size]);
  assert.is(changed.targets, batch.targets);
  return (await changed.inputs.data()) as Float32Array;
}

/** For each image, which of the candidates it is; throws where it is none of them. */
function which<T>(
  size: Size,
  actual: Float32Array,
  candidates: readonly T[],
  value: (candidate: T, place: Size) => number,
): T[] {
  const pixels = actual.length / size[0];
  const all = candidates.map((candidate) => build(size, (place) => value(candidate, place)));
  return Array.from({ length: size[0] }, (_, n) => {
    const range = [n * pixels, (n + 1) * pixels] as const;
    const own = actual.slice(...range).join();
    const found = all.findIndex((values) => values.slice(...range).join() === own);
    if (found < 0) throw new Error(`image ${n} is none of the candidates: ${own}`);
    return candidates[found]!;
  });
}

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 4 }),
);

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const pairs = (a: number[], b: number[]) =>
  a.flatMap((y) => b.map((x): readonly [number, number] => [y, x]));

test('a flip mirrors images or leaves them', async () => {
  const size = [200, 2, 3, 2] as const;
  const values = images(size);
  const flipped = which(
    size,
    await augmented(size, [data.randomFlip()]),
    [false, true],
    (mirror, [n, y, x, c]) => at(values, size, [n, y, mirror ? 2 - x : x, c]),
  );
  const share = flipped.filter(Boolean).length / 200;
  assert.ok(share > 0.4 && share < 0.6, `${share}`);
});

test('a crop is the image moved by up to the padding, with zeros around', () =>
  fc.assert(
    fc.asyncProperty(sizes, fc.nat(3), fc.maxSafeInteger(), async (size, padding, seed) => {
      const values = images(size);
      const actual = await augmented(size, [data.randomCrop(padding)], { seed });
      const moves = range(-padding, padding);
      which(size, actual, pairs(moves, moves), ([down, right], [n, y, x, c]) =>
        at(values, size, [n, y + down, x + right, c]),
      );
    }),
    { numRuns: 15 },
  ));

test('every move of a crop turns up, as often as any other', async () => {
  const size = [450, 3, 3, 1] as const;
  const values = images(size);
  const moves = pairs(range(-1, 1), range(-1, 1));
  const found = which(
    size,
    await augmented(size, [data.randomCrop(1)]),
    moves,
    ([down, right], [n, y, x, c]) => at(values, size, [n, y + down, x + right, c]),
  );
  for (const move of moves) {
    const times = found.filter((other) => other === move).length;
    assert.ok(times > 25 && times < 80, `${move}: ${times}`);
  }
});

test('a shift goes by whole pixels, as far as its fraction of each side', async () => {
  const size = [100, 4, 9, 1] as const;
  const values = images(size);
  const found = which(
    size,
    await augmented(size, [data.randomShift(0.25)]),
    pairs(range(-1, 1), range(-2, 2)),
    ([down, right], [n, y, x, c]) => at(values, size, [n, y + down, x + right, c]),
  );
  assert.is(new Set(found).size, 15);
});

test('cutout blackens a square, cut off at the border', async () => {
  for (const side of [1, 2, 3]) {
    const size = [150, 4, 3, 2] as const;
    const values = images(size);
    const found = which(
      size,
      await augmented(size, [data.cutout(side)]),
      pairs(range(0, 3), range(0, 2)),
      ([middle, centre], [n, y, x, c]) => {
        const [down, right] = [middle, centre].map((from) => from - Math.floor(side / 2));
        const hidden = y >= down! && y < down! + side && x >= right! && x < right! + side;
        return hidden ? 0 : at(values, size, [n, y, x, c]);
      },
    );
    assert.is(new Set(found).size, 12);
  }
});

test('rotation is bilinear about the centre', () =>
  fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fc.double({ min: -3.2, max: 3.2, noNaN: true }), { minLength: 5, maxLength: 5 }),
      async (size, drawn) => {
        const values = images(size).map((value) => value % 17);
        const angles = Float32Array.from(drawn.slice(0, size[0]));
        const turned = rotated(tensor(values, size) as Tensor, tensor(angles, [size[0]]) as Tensor);
        const actual = (await turned.data()) as Float32Array;
        const [, height, width] = size;
        const expected = build(size, ([n, y, x, c]) => {
          const [down, right] = [y - (height - 1) / 2, x - (width - 1) / 2];
          const [cos, sin] = [Math.cos(angles[n]!), Math.sin(angles[n]!)];
          const sy = right * sin + down * cos + (height - 1) / 2;
          const sx = right * cos - down * sin + (width - 1) / 2;
          let sum = 0;
          for (const py of [Math.floor(sy), Math.floor(sy) + 1]) {
            for (const px of [Math.floor(sx), Math.floor(sx) + 1]) {
              const near = (1 - Math.abs(sy - py)) * (1 - Math.abs(sx - px));
              sum += near * at(values, size, [n, py, px, c]);
            }
          }
          return sum;
        });
        expected.forEach((value, i) => {
          assert.ok(Math.abs(value - actual[i]!) < 1e-3, `${i}: ${actual[i]}, not ${value}`);
        });
      },
    ),
    { numRuns: 15 },
  ));

test('a quarter turn goes counter-clockwise', async () => {
  const square = tensor(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]) as Tensor;
  const turned = await rotated(square, tensor([Math.PI / 2]) as Tensor).data();
  assert.equal([...turned].map(Math.round), [2, 4, 1, 3]);
});

test('a rotation by at most nothing changes nothing, one by more does', async () => {
  const size = [3, 4, 5, 2] as const;
  assert.equal([...(await augmented(size, [data.randomRotation(0)]))], [...images(size)]);
  assert.not.equal([...(await augmented(size, [data.randomRotation(20)]))], [...images(size)]);
});

const everything = () => [
  data.randomFlip(),
  data.randomCrop(1),
  data.randomShift(0.2),
  data.randomRotation(15),
  data.cutout(2),
];

test('seed, epoch and step decide, and it is the same each time', async () => {
  const size = [6, 6, 6, 3] as const;
  const context = { seed: 3, epoch: 2, step: 4 };
  const once = [...(await augmented(size, everything(), context))];
  assert.equal([...(await augmented(size, everything(), context))], once);
  for (const other of [{ seed: 4 }, { epoch: 4 }, { step: 2 }]) {
    assert.not.equal([...(await augmented(size, everything(), { ...context, ...other }))], once);
  }
  const swapped = { seed: 3, epoch: 4, step: 2 };
  assert.not.equal([...(await augmented(size, everything(), swapped))], once);
});

test('two changes of the same kind draw numbers of their own', async () => {
  const size = [40, 1, 9, 1] as const;
  const values = images(size);
  const twice = await augmented(size, [data.randomShift(0.12), data.randomShift(0.12)]);
  const moves = which(size, twice, range(-2, 2), (right, [n, y, x, c]) => {
    // What left the image in between does not come back: only its middle is compared.
    return x < 2 || x > 6 ? twice[n * 9 + x]! : at(values, size, [n, y, x + right, c]);
  });
  assert.ok(moves.some((move) => Math.abs(move) === 1));
});

test('another step of the same size plans nothing', async () => {
  const examples = data
    .fromImages({
      images: new Uint8Array(24 * 75).fill(9),
      labels: new Uint8Array(24),
      count: 24,
      height: 5,
      width: 5,
      channels: 3,
    })
    .map(data.augment(everything()))
    .shuffle({ seed: 1 });
  const batches = examples.batch(4).epoch(0)[Symbol.asyncIterator]();
  const step = async () => {
    const { inputs, targets } = (await batches.next()).value!;
    await realize(inputs, targets);
  };
  for (let warm = 0; warm < 3; warm++) await step();
  const calls = await deviceCalls(step);
  assert.equal({ ...calls, buffers: 0 }, { ...NONE, submits: 1 });
});

test('what is no image, and numbers that make no sense, are refused', async () => {
  const change = data.augment([data.randomFlip()]);
  const context = { seed: 0, epoch: 0, step: 0 };
  const targets = tensor([0, 1]);
  const flat = { inputs: tensor([[1], [2]]), targets, count: 2 };
  assert.throws(
    () => change(flat, context),
    (error: Error) => error instanceof ShapeError,
  );
  const bytes = { inputs: tensor(new Uint8Array(8), [2, 2, 2, 1]), targets, count: 2 };
  assert.throws(
    () => change(bytes, context),
    (error: Error) => error instanceof DTypeError,
  );
  for (const refused of [
    () => data.randomCrop(-1),
    () => data.randomCrop(0.5),
    () => data.randomShift(1.1),
    () => data.randomShift(Number.NaN),
    () => data.randomRotation(181),
    () => data.cutout(0),
  ]) {
    assert.throws(refused, (error: Error) => error instanceof ArgumentError);
  }
});

test.run();
