import { type AnyTensor, nn, tensor } from 'wgrad';
import { IMAGE_SHAPE } from '../../mnist/models.ts';
import type { LayerView, Tiles } from '../protocol.ts';

/** As many as can be told apart on a page. */
const MOST_TILES = 128;
/** Of the channels that a filter reads. */
const MOST_INPUTS = 3;

/** What a layer makes of an image, channel by channel, and its own weights as pictures. */
export async function viewLayer(
  model: nn.Layer,
  path: string,
  image: Uint8Array,
): Promise<LayerView> {
  const input = tensor(image, [1, ...IMAGE_SHAPE])
    .cast('f32')
    .div(255);
  let seen: AnyTensor | undefined;
  nn.traceLayers(model, input, { training: false }, (_, where, __, output) => {
    if (where === path && 'data' in output) seen = output as AnyTensor;
  });
  if (!seen) throw new Error(`The model has no layer ${path}.`);
  const weight = model.namedVariables().get(`${path}.weight`);
  return {
    activations: channels(seen.shape.slice(1), await seen.data()),
    ...(weight && { filters: filtersOf(weight.shape, await weight.value.data()) }),
  };
}

/** A tile a channel of [height, width, channels]; of a list of numbers a tile each. */
function channels(shape: readonly number[], values: ArrayLike<number>): Tiles | undefined {
  const [height = 1, width = 1, count = 1] = shape.length === 3 ? shape : [1, 1, ...shape];
  if (shape.length === 2) return undefined;
  return tiles(count, height, width, (tile, y, x) => values[(y * width + x) * count + tile]);
}

/** Of a convolution, a row of filters for each of its first inputs; of other weights one tile, or one an image. */
function filtersOf(shape: readonly number[], values: ArrayLike<number>): Tiles | undefined {
  if (shape.length === 4) {
    const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
    const shown = Math.min(inputs, MOST_INPUTS);
    return tiles(outputs * shown, height, width, (tile, y, x) => {
      const [input, output] = [tile % shown, Math.floor(tile / shown)];
      return values[((y * width + x) * inputs + input) * outputs + output];
    });
  }
  if (shape.length !== 2) return undefined;
  const [inputs = 1, outputs = 1] = shape;
  const [height, width] = IMAGE_SHAPE;
  if (inputs === height * width) {
    return tiles(outputs, height, width, (tile, y, x) => values[(y * width + x) * outputs + tile]);
  }
  return tiles(1, outputs, inputs, (_, y, x) => values[x * outputs + y]);
}

function tiles(
  wanted: number,
  height: number,
  width: number,
  valueAt: (tile: number, y: number, x: number) => number | undefined,
): Tiles {
  const count = Math.min(wanted, MOST_TILES);
  const values = Float32Array.from({ length: count * height * width }, (_, i) => {
    const inTile = i % (height * width);
    const [y, x] = [Math.floor(inTile / width), inTile % width];
    return valueAt(Math.floor(i / (height * width)), y, x) ?? 0;
  });
  return { count, of: wanted, height, width, values };
}
