import { requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { shorten, textWidth } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { FONT, FONT_SIZE, type Theme } from '../theme.ts';
import { isPngDataUrl } from './png-data-url.ts';

/** One image of the test set and what the model took it for. */
export interface Sample {
  /** `data:image/png;base64,…`, as `pngDataUrl` makes it. */
  readonly image: string;
  readonly label: string;
  readonly predicted: string;
  /** Of the predicted class, in [0, 1]. */
  readonly probability?: number;
}

const TILE = { width: 120, image: 96, height: 164 };
const TOP = 56;
const LEFT = 12;
/** On a phone. */
const NARROW_COLUMNS = 3;

/**
 * Images with the predicted and the true class beneath, wrong ones framed and marked with ✗.
 *
 * @throws ArgumentError where an image is no PNG data URL: pictures refer to no files
 */
export function sampleGrid(
  samples: readonly Sample[],
  options: { title?: string; columns?: number } = {},
): Picture {
  requireOptions('sampleGrid', options, ['title', 'columns']);
  const { title = 'Predictions', columns = 8 } = options;
  requireWhole('sampleGrid', { columns }, { from: 1 });
  for (const [at, { image }] of samples.entries()) {
    if (isPngDataUrl(image)) continue;
    throw new ArgumentError(
      `sampleGrid: the image of sample ${at} is no PNG data URL; pngDataUrl makes one of pixels.`,
    );
  }
  const grid = drawn(samples, title, columns);
  return {
    ...grid,
    narrow: columns > NARROW_COLUMNS ? drawn(samples, title, NARROW_COLUMNS) : grid,
  };
}

function drawn(samples: readonly Sample[], title: string, columns: number): Picture {
  const rows = Math.ceil(samples.length / columns);
  return {
    title,
    width: Math.max(
      LEFT * 2 + TILE.width * Math.min(columns, samples.length),
      textWidth(title, 18) + 40,
    ),
    height: TOP + rows * TILE.height + 12,
    option: (theme) => ({
      graphic: { elements: samples.flatMap((sample, at) => tile(sample, at, columns, theme)) },
    }),
  };
}

function tile(sample: Sample, at: number, columns: number, theme: Theme): object[] {
  const { image, label, predicted, probability } = sample;
  const x = LEFT + (at % columns) * TILE.width;
  const y = TOP + Math.floor(at / columns) * TILE.height;
  const wrong = label !== predicted;
  const color = wrong ? theme.wrong : theme.right;
  const inset = (TILE.width - TILE.image) / 2;
  const remarks = [
    ...(probability === undefined ? [] : [`${Math.round(probability * 100)} %`]),
    ...(wrong ? [`is ${shorten(label, 13)}`] : []),
  ];
  const text = (line: number, content: string, fill: string, fontWeight: number) => ({
    type: 'text',
    x: x + TILE.width / 2,
    y: y + TILE.image + 6 + line * 17,
    style: { text: content, fill, align: 'center', font: `${fontWeight} ${FONT_SIZE}px ${FONT}` },
  });
  return [
    {
      type: 'rect',
      shape: { x: x + inset - 2, y: y - 2, width: TILE.image + 4, height: TILE.image + 4 },
      style: { fill: 'none', stroke: wrong ? color : theme.grid, lineWidth: wrong ? 3 : 1 },
    },
    {
      type: 'image',
      x: x + inset,
      y,
      style: { image, width: TILE.image, height: TILE.image },
    },
    text(0, `${wrong ? '✗' : '✓'} ${shorten(predicted, 13)}`, color, 600),
    ...remarks.map((remark, at) => text(1 + at, remark, theme.muted, 400)),
  ];
}
