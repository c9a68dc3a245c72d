import type { Tiles } from '../protocol.ts';

/** Ends from Tol's "BuRd", as the reports have them. */
const NEGATIVE = [33, 102, 172] as const;
const POSITIVE = [178, 24, 43] as const;
const ZERO = [247, 247, 247] as const;
const MOST_COLUMNS = 16;

/** Draws tiles side by side on one scale: blue below zero, red above. Their sizes, the largest number. */
export function drawTiles(canvas: HTMLCanvasElement, tiles: Tiles): number {
  const { count, height, width, values } = tiles;
  const columns = Math.min(count, MOST_COLUMNS);
  const rows = Math.ceil(count / columns);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  canvas.width = columns * (width + 1) - 1;
  canvas.height = rows * (height + 1) - 1;
  const context = canvas.getContext('2d');
  for (let tile = 0; tile < count; tile++) {
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      const share = (values[tile * width * height + i] ?? 0) / (largest || 1);
      image.data.set(colourOf(share), 4 * i);
    }
    const [column, row] = [tile % columns, Math.floor(tile / columns)];
    context?.putImageData(image, column * (width + 1), row * (height + 1));
  }
  return largest;
}

function colourOf(share: number): number[] {
  const end = share < 0 ? NEGATIVE : POSITIVE;
  return [...ZERO.map((zero, i) => zero + ((end[i] ?? 0) - zero) * Math.abs(share)), 255];
}
