import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grad } from '../../../src/autograd/grad.ts';
import { gradcheck } from '../../../src/autograd/gradcheck.ts';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import type { GraphProto } from '../../../src/interchange/onnx/messages.ts';
import { int64Proto } from '../../../src/interchange/onnx/tensor-proto.ts';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { Variable } from '../../../src/tensor/variable.ts';
import { float, graphBytes, node } from './graphs.ts';
import { close, wave } from './numbers.ts';
import { type RuntimeTensor, runElsewhere } from './onnx-runtime.ts';

const test = suite('ONNX import of what reads images between pixels');

const wild = (shape: readonly number[], from: number, to: number) =>
  ({
    shape,
    dtype: 'f32',
    data: wave(
      shape.reduce((a, b) => a * b),
      from,
      to,
    ),
  }) as const;

async function sameElsewhere(
  graph: Partial<GraphProto>,
  given: Readonly<Record<string, RuntimeTensor>>,
  opset?: number,
): Promise<void> {
  const bytes = await graphBytes(graph, opset);
  const found = await runElsewhere(bytes, given);
  const inputs = Object.entries(given).map(
    ([name, { data, shape }]) => [name, tensor(data, shape)] as const,
  );
  const own = (await onnx.decode(bytes)).run(Object.fromEntries(inputs));
  assert.equal(own.y?.shape, found.y?.shape);
  close((await own.y?.data()) ?? [], found.y?.data ?? [], 'y', 1e-4);
}

const gridGraph = (attributes: Parameters<typeof node>[3]) => ({
  node: [node('GridSample', ['x', 'grid'], ['y'], attributes)],
  input: [float('x', ['n', 'c', 'h', 'w']), float('grid', ['n', 'i', 'k', 2])],
  output: [float('y', ['n', 'c', 'i', 'k'])],
});

for (const mode of ['bilinear', 'nearest', 'bicubic']) {
  for (const padding_mode of ['zeros', 'border', 'reflection']) {
    for (const align_corners of [0, 1]) {
      test(`GridSample ${mode}, ${padding_mode}, corners ${align_corners}`, () =>
        sameElsewhere(
          gridGraph({ mode, padding_mode, align_corners }),
          { x: wild([2, 3, 5, 4], -1, 1), grid: wild([2, 4, 6, 2], -1.7, 1.6) },
          16,
        ));
    }
  }
}

test('gradients reach the images and the grid of GridSample', async () => {
  const model = await onnx.decode(await graphBytes(gridGraph({ mode: 'bicubic' })));
  const [x, grid] = [wild([1, 2, 4, 3], -1, 1), wild([1, 2, 2, 2], -0.7, 0.6)];
  await gradcheck(
    (images, places) => model.run({ x: images!, grid: places! }).y!,
    [tensor(x.data, x.shape), tensor(grid.data, grid.shape)],
  );
});

for (const mode of ['bilinear', 'nearest']) {
  for (const padding_mode of ['zeros', 'border', 'reflection']) {
    test(`GridSample of volumes, ${mode}, ${padding_mode}`, async () => {
      const graph = gridGraph({ mode, padding_mode, align_corners: 1 });
      const [x, grid] = [wild([2, 3, 4, 3, 5], -1, 1), wild([2, 2, 3, 2, 3], -1.4, 1.4)];
      const model = await onnx.decode(
        await graphBytes({
          ...graph,
          input: [float('x', x.shape), float('grid', grid.shape)],
          output: [float('y', [2, 3, 2, 3, 2])],
        }),
      );
      const found = model.run({ x: tensor(x.data, x.shape), grid: tensor(grid.data, grid.shape) });
      close(await found.y!.data(), volumes(x.data, grid.data, mode, padding_mode), 'y', 1e-5);
    });
  }
}

/** Points of volumes [2, 3, 4, 3, 5] by a grid [2, 2, 3, 2, 3] from corner to corner, number by number. */
function volumes(x: Float32Array, grid: Float32Array, mode: string, padding: string): number[] {
  const sizes = [4, 3, 5];
  const places = Array.from({ length: 24 }, (_, point) =>
    sizes.map((size, axis) => {
      const at = (((grid[point * 3 + 2 - axis] ?? 0) + 1) / 2) * (size - 1);
      if (padding === 'border') return Math.min(Math.max(at, 0), size - 1);
      if (padding !== 'reflection') return at;
      const turned = Math.abs(at) % (2 * (size - 1));
      return Math.min(turned, 2 * (size - 1) - turned);
    }),
  );
  const read = (image: number, at: readonly number[]) =>
    at.every((place, axis) => place >= 0 && place < (sizes[axis] ?? 0))
      ? (x[at.reduce((index, place, axis) => index * (sizes[axis] ?? 0) + place, image)] ?? 0)
      : 0;
  const value = (image: number, at: readonly number[]): number => {
    const axis = at.findIndex((place) => !Number.isInteger(place));
    if (axis < 0) return read(image, at);
    const low = Math.floor(at[axis] ?? 0);
    const share = (at[axis] ?? 0) - low;
    return (
      (1 - share) * value(image, at.with(axis, low)) + share * value(image, at.with(axis, low + 1))
    );
  };
  const even = (place: number) =>
    place % 1 === 0.5 ? 2 * Math.round(place / 2) : Math.round(place);
  return [0, 1, 2, 3, 4, 5].flatMap((image) =>
    places
      .slice(image < 3 ? 0 : 12, image < 3 ? 12 : 24)
      .map((at) => value(image, mode === 'nearest' ? at.map(even) : at)),
  );
}

for (const [form, mode] of [
  ['half_pixel', 'avg'],
  ['output_half_pixel', 'avg'],
  ['half_pixel', 'max'],
] as const) {
  test(`RoiAlign with ${form}, ${mode}`, () => {
    const boxes = Float32Array.of(0, 0, 4, 3, 1.5, 0.5, 7, 6, -2, -3, 1, 12, 3, 3, 3.2, 3.1);
    const attributes = {
      ...{ output_height: 3, output_width: 2, sampling_ratio: 2, mode },
      ...{ spatial_scale: { float: 0.75 }, coordinate_transformation_mode: form },
    };
    return sameElsewhere(
      {
        node: [node('RoiAlign', ['x', 'boxes', 'of'], ['y'], attributes)],
        initializer: [int64Proto('of', [4], [0, 1, 0, 1])],
        input: [float('x', [2, 3, 6, 7]), float('boxes', [4, 4])],
        output: [float('y', [4, 3, 3, 2])],
      },
      { x: wild([2, 3, 6, 7], -1, 1), boxes: { shape: [4, 4], dtype: 'f32', data: boxes } },
      16,
    );
  });
}

test('MaxUnpool puts maxima back, and passes gradients to them', async () => {
  const window = { kernel_shape: [2, 2], strides: [2, 2] };
  const graph = {
    node: [
      node('MaxPool', ['x'], ['largest', 'places'], window),
      node('MaxUnpool', ['largest', 'places'], ['y'], window),
    ],
    input: [float('x', [2, 3, 4, 6])],
    output: [float('y', [2, 3, 4, 6])],
  };
  const x = wild([2, 3, 4, 6], -1, 1);
  await sameElsewhere(graph, { x });
  const model = await onnx.decode(await graphBytes(graph));
  const variable = new Variable(tensor(x.data, x.shape));
  const { y } = model.run({ x: variable.value });
  const [slope] = grad(y!.sum(), [variable]);
  const kept = Array.from(await y!.data(), (value) => Number(value !== 0));
  assert.equal(Array.from(await slope!.data()), kept);
});

const resizes = {
  'smaller, linear': { mode: 'linear' },
  'smaller, cubic': { mode: 'cubic' },
  'smaller, nothing taken from outside': { mode: 'cubic', exclude_outside: 1 },
  'smaller, corners on corners': {
    mode: 'linear',
    coordinate_transformation_mode: 'align_corners',
  },
};
for (const [name, attributes] of Object.entries(resizes)) {
  test(`Resize without aliases: ${name}`, () =>
    sameElsewhere(
      {
        node: [node('Resize', ['x', '', '', 'sizes'], ['y'], { antialias: 1, ...attributes })],
        initializer: [int64Proto('sizes', [4], [2, 3, 4, 12])],
        input: [float('x', [2, 3, 11, 9])],
        output: [float('y', [2, 3, 4, 12])],
      },
      { x: wild([2, 3, 11, 9], -1, 1) },
      18,
    ));
}

test.run();
