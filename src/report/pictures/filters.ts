import { ShapeError } from '../../errors.ts';
import type { Picture } from '../picture.ts';
import { mix, type Theme } from '../theme.ts';

/** A convolution's filters as plain numbers, laid out HWIO like the weights themselves. */
export interface Filters {
  /** [height, width, input channels, output channels] */
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const TOP = 56;
const LEFT = 20;
const SCALE = 110;

/**
 * The filters of a layer as small images: negative weights in one colour, positive in the other,
 * zero between them, on one scale for all. A column for each output channel up to 16, then a new
 * band; within a band a row for each of the first `channels` input channels.
 *
 * @throws ShapeError where the values are not those of a [H, W, I, O] filter
 */
export function filters(
  { shape, values }: Filters,
  { title = 'First-layer filters', channels = 3 }: { title?: string; channels?: number } = {},
): Picture {
  const outputs = shape[3] ?? 0;
  if (shape.length !== 4 || shape.reduce((size, axis) => size * axis, 1) !== values.length) {
    throw new ShapeError(
      `filters: ${values.length} values for the shape [${shape.join(', ')}]; filters are [height, width, inputs, outputs].`,
    );
  }
  const layer = { shape, values };
  const narrow = outputs > 4 ? drawn(layer, title, channels, 4) : undefined;
  return { ...drawn(layer, title, channels, 16), narrow };
}

function drawn({ shape, values }: Filters, title: string, channels: number, most: number): Picture {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  const rows = Math.min(inputs, channels);
  const columns = Math.min(outputs, most);
  const bands = Math.ceil(outputs / columns);
  const pixel = Math.max(2, Math.floor(48 / Math.max(height, width)));
  const [tileWidth, tileHeight] = [pixel * width + 8, pixel * height + 8];
  const bandHeight = rows * tileHeight + (rows > 1 ? 12 : 0);
  // Not Math.max(...values): a layer may have more weights than a call has arguments.
  const largest = Array.from(values).reduce(
    (most, value) => Math.max(most, Math.abs(value) || 0),
    0,
  );
  const pixels = Array.from({ length: outputs * rows * height * width }, (_, at) => {
    const column = at % width;
    const row = Math.floor(at / width) % height;
    const input = Math.floor(at / (width * height)) % rows;
    const output = Math.floor(at / (width * height * rows));
    return {
      x: LEFT + (output % columns) * tileWidth + column * pixel,
      y: TOP + Math.floor(output / columns) * bandHeight + input * tileHeight + row * pixel,
      value: values[((row * width + column) * inputs + input) * outputs + output]!,
    };
  });
  return {
    title,
    width: Math.max(LEFT + columns * tileWidth + SCALE, 320),
    height: Math.max(TOP + bands * bandHeight + 12, 220),
    option: (theme) => ({
      // ECharts draws no colour scale without a series to go with it.
      series: [{ type: 'custom', coordinateSystem: 'none', data: [], renderItem: () => null }],
      visualMap: {
        type: 'continuous',
        min: -(largest || 1),
        max: largest || 1,
        right: 12,
        top: TOP - 4,
        itemHeight: 90,
        itemWidth: 14,
        text: [(largest || 1).toPrecision(2), (-(largest || 1)).toPrecision(2)],
        calculable: false,
        inRange: { color: theme.diverging },
      },
      graphic: {
        elements: pixels.map(({ x, y, value }) => ({
          type: 'rect',
          shape: { x, y, width: pixel, height: pixel },
          style: { fill: shade(value / (largest || 1), theme) },
        })),
      },
    }),
  };
}

/** The colour of a weight in [-1, 1]; one that is not a number is not there. */
function shade(weight: number, { diverging: [negative, zero, positive] }: Theme): string {
  if (!Number.isFinite(weight)) return 'none';
  return mix(zero, weight < 0 ? negative : positive, Math.abs(weight));
}
